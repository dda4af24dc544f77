package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.port.Unavailable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BareFaultTest {

    @Test
    void what_this_program_said_is_kept_with_the_place_and_the_kind() {
        assertThat(written(new Unavailable("the store is silent", new IllegalStateException("no answer"))))
                .contains("io.taskscheduler.app.port.Unavailable: the store is silent", "at io.taskscheduler.handler.",
                        "Caused by: java.lang.IllegalStateException: no answer");
    }

    @Test
    void what_a_library_said_is_left_out_wherever_it_stands() {
        RuntimeException quoting = quoting();
        RuntimeException fault = new IllegalStateException("unreadable", quoting);
        fault.addSuppressed(quoting());

        assertThat(written(fault)).contains("unreadable", "Caused by: java.time.format.DateTimeParseException",
                "Suppressed: java.time.format.DateTimeParseException").doesNotContain("s3cr3t");
        assertThat(written(quoting)).startsWith("java.time.format.DateTimeParseException").doesNotContain("s3cr3t");
    }

    @Test
    void causes_that_go_in_a_circle_come_to_an_end() {
        RuntimeException first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));

        assertThat(written(first)).contains("first", "second");
    }

    @Test
    void what_is_bare_stays_as_it_is() {
        BareFault bare = BareFault.of(quoting());

        assertThat(BareFault.of(bare)).isSameAs(bare);
        assertThatThrownBy(() -> {
            throw bare;
        }).hasMessage("java.time.format.DateTimeParseException").hasNoCause();
    }

    private static RuntimeException quoting() {
        try {
            return new IllegalStateException(parsed("s3cr3t").toString());
        } catch (RuntimeException quoting) {
            return quoting;
        }
    }

    private static Instant parsed(String text) {
        return Instant.parse(text);
    }

    private static String written(Throwable fault) {
        StringWriter text = new StringWriter();
        BareFault.of(fault).printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
