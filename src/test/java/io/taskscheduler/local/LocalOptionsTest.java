package io.taskscheduler.local;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalOptionsTest {

    @Test
    void without_options_it_listens_on_loopback_and_keeps_nothing() {
        assertThat(LocalOptions.from(Map.of("java.version", "25")))
                .isEqualTo(new LocalOptions(3000, "127.0.0.1", Optional.empty(),
                        false, Optional.empty(), LocalOptions.Auth.NONE, "127.0.0.0/8,::1/128", Optional.empty(),
                        OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()));
    }

    @Test
    void every_option_is_read() {
        assertThat(LocalOptions
                .from(Map.ofEntries(entry("local.port", "3001"), entry("local.bind", "0.0.0.0"),
                        entry("local.data", "kept"), entry("local.timers", "aws"), entry("local.auth", "iam"),
                        entry("local.cors-origins", "https://a.example"), entry("local.dynamodb-port", "8001"),
                        entry("local.sqs-port", "9325"), entry("local.scheduler-port", "9401"),
                        entry("local.secretsmanager-port", "9501"), entry("local.allowed-networks", ""),
                        entry("local.secrets", "secrets.properties"))))
                .isEqualTo(new LocalOptions(3001, "0.0.0.0", Optional.of(Path.of("kept")), true,
                        Optional.of("https://a.example"), LocalOptions.Auth.IAM, "",
                        Optional.of(Path.of("secrets.properties")), OptionalInt.of(8001),
                        OptionalInt.of(9325),
                        OptionalInt.of(9401), OptionalInt.of(9501)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            local.prot        | 3001  | There is no option -Dlocal.prot; there are -Dlocal.allowed-networks=, -Dlocal.auth=, -Dlocal.bind=, -Dlocal.cors-origins=, -Dlocal.data=
            local.port        | 0     | -Dlocal.port must be a port from 1 to 65535, not 0
            local.port        | 70000 | -Dlocal.port must be a port from 1 to 65535, not 70000
            local.port        | http  | -Dlocal.port must be a port from 1 to 65535, not http
            local.sqs-port    | -1    | -Dlocal.sqs-port must be a port
            local.auth        | basic | -Dlocal.auth must be none (everybody may call), jwt (holders of a token) or iam
            local.timers      | fast  | -Dlocal.timers must be exact (timers fire on their second) or aws
            """)
    void a_wrong_option_is_told_what_is_right(String name, String value, String line) {
        assertThatThrownBy(() -> LocalOptions.from(Map.of(name, value))).isInstanceOf(StartFailure.class)
                .hasMessageStartingWith(line);
    }
}
