package io.taskscheduler.adapter.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTimeTest {

    // From the year 0 to 9999.
    @Property
    void every_millisecond_is_read_as_it_was_written(
            @ForAll @LongRange(min = -62_167_219_200_000L, max = 253_402_300_799_999L) long millis) {
        Instant time = Instant.ofEpochMilli(millis);
        assertThat(StoredTime.text(time)).hasSize(24).isEqualTo(withMillis(time));
        assertThat(StoredTime.parse(StoredTime.text(time))).isEqualTo(time);
    }

    private static String withMillis(Instant time) {
        String text = time.toString();
        return text.length() == 24 ? text : text.replace("Z", ".000Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2027-05-17T15:00:00Z", "2027-05-17T15:00:00.25Z", "2027-05-17T15:00:00.250123Z",
            "2027-05-17T17:00:00.25+02:00", "2027-05-17T24:00:00.000Z", "2027-12-31T23:59:60.000Z",
            "2027-05-17t15:00:00.250z", "+10000-01-01T00:00:00.000Z"})
    void what_another_has_written_is_read_as_the_library_reads_it(String text) {
        assertThat(StoredTime.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2027-02-29T15:00:00.250Z", "2027-13-17T15:00:00.250Z", "2027-05-17T15:60:00.250Z",
            "2027-05-17T25:00:00.000Z", "2027-05-17 15:00:00.250Z", "2027-05-17T15:00:00.2５0Z",
            "2027-05-17T15:00:00,250Z", "2027-00-17T15:00:00.250Z", "2027-05-17T15:00:61.250Z"})
    void what_is_no_time_is_refused(String text) {
        assertThatThrownBy(() -> StoredTime.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void a_time_of_the_year_10000_is_written_so_that_it_can_be_read() {
        Instant time = Instant.parse("+10000-01-01T00:00:00Z");
        assertThat(StoredTime.parse(StoredTime.text(time))).isEqualTo(time);
    }
}
