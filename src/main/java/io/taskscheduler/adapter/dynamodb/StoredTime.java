package io.taskscheduler.adapter.dynamodb;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the table holds them: RFC 3339 in UTC with always three digits of a second, so that they sort as text. */
final class StoredTime {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private StoredTime() {}

    static String text(Instant time) {
        return FORMAT.format(time);
    }

    static Instant parse(String text) {
        return Instant.parse(text);
    }
}
