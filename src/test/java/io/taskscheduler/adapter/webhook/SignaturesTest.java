package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignaturesTest {

    // Source: the test vector that the public libraries of Standard Webhooks share.
    private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final long AT = 1_614_265_330;
    private static final String BODY = "{\"test\": 2432232314}";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static final String OTHER = Base64.getEncoder()
            .encodeToString("another key, of forty-eight bytes in length, yes".getBytes(StandardCharsets.US_ASCII));

    @Test
    void the_published_example_is_signed_as_published() throws UnusableSecret {
        assertThat(sign("whsec_" + KEY, ID, AT, BODY)).isEqualTo(SIGNATURE);
        assertThat(sign(KEY, ID, AT, BODY)).as("without its prefix").isEqualTo(SIGNATURE);
        assertThat(sign("  whsec_" + KEY + "\n", ID, AT, BODY)).as("with an editor's line break").isEqualTo(SIGNATURE);
    }

    @Test
    void everything_that_is_signed_counts() throws UnusableSecret {
        assertThat(Stream.of(sign(KEY, ID, AT, BODY), sign(KEY, ID + "x", AT, BODY), sign(KEY, ID, AT + 1, BODY),
                sign(KEY, ID, AT, BODY + " "), sign(KEY, ID, AT, ""), sign(OTHER, ID, AT, BODY)))
                .doesNotHaveDuplicates();
    }

    @Test
    void while_keys_are_changed_there_is_a_signature_of_each_the_newest_first() throws UnusableSecret {
        String both = sign("whsec_" + OTHER + " whsec_" + KEY, ID, AT, BODY);

        assertThat(List.of(both.split(" ", -1))).containsExactly(sign(OTHER, ID, AT, BODY), SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            whsec_                                        | has not 24 to 64 bytes
            ''                                            | has not 24 to 64 bytes
            whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2Lab           | is not base64
            whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La            | has not 24 to 64 bytes
            whsec_not-base64-at-all-but-of-a-good-length! | is not base64
            {"key":"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}    | is not base64
            """)
    void a_key_that_is_none_signs_nothing_and_is_not_told(String secret, String why) {
        assertThatThrownBy(() -> sign(secret, ID, AT, BODY)).isInstanceOfSatisfying(UnusableSecret.class, unusable -> {
            assertThat(unusable.kind()).isEqualTo(FailureKind.SECRET_UNAVAILABLE);
            assertThat(unusable.text()).contains(why).doesNotContain("MfKQ");
        });
    }

    @Test
    void more_keys_than_a_rotation_needs_are_a_mistake() {
        assertThatThrownBy(() -> sign(String.join(" ", KEY, KEY, KEY, KEY, KEY), ID, AT, BODY))
                .isInstanceOf(UnusableSecret.class).hasMessageContaining("more than 4 keys");
    }

    private static String sign(String secret, String id, long at, String body) throws UnusableSecret {
        return Signatures.of(new Secret(secret), id, at, body.getBytes(StandardCharsets.UTF_8));
    }
}
