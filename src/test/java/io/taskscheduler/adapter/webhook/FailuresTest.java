package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.fixture.Tasks;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be brought about on one machine alone; the rest is in {@link WebhookActionsTest}. */
class FailuresTest {

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_of_the_network_has_its_word(IOException error, FailureKind kind) {
        Failure failure = Failures.describe(Tasks.RUN_AT, Duration.ZERO, Optional.of(error), Duration.ofSeconds(1));

        assertThat(failure.kind()).isEqualTo(kind);
    }

    @Test
    void an_error_is_told_without_the_names_of_classes() {
        Failure failure = Failures.describe(Tasks.RUN_AT, Duration.ZERO, Optional.of(new SSLHandshakeException(
                "sun.security.validator.ValidatorException: PKIX path building failed: "
                        + "sun.security.provider.certpath.SunCertPathBuilderException: unable to find a path")),
                Duration.ofSeconds(1));

        assertThat(failure.message()).isEqualTo("PKIX path building failed: unable to find a path");
    }

    static Stream<Arguments> errors() {
        return Stream.of(arguments(new NoRouteToHostException("No route to host"), FailureKind.UNREACHABLE),
                arguments(new SocketException("Network is unreachable"), FailureKind.UNREACHABLE),
                arguments(new SocketException("Connection reset"), FailureKind.CONNECTION_CLOSED),
                arguments(new SocketException(), FailureKind.CONNECTION_CLOSED));
    }
}
