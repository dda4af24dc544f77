package io.taskscheduler.adapter.dynamodb;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the table holds them: RFC 3339 in UTC with always three digits of a second, so that they sort as text. */
final class StoredTime {

    private static final String SHAPE = "0000-00-00T00:00:00.000Z";
    private static final DateTimeFormatter FORMAT = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private StoredTime() {}

    static String text(Instant time) {
        return FORMAT.format(time);
    }

    /**
     * Reads what {@link #text} has written, and any other instant as {@link Instant#parse} does. By hand, because that was more than a quarter of all that a
     * page of the list allocates: a row has some ten times, and the library makes a formatter for each.
     */
    static Instant parse(String text) {
        if (!hasOurShape(text)) {
            return Instant.parse(text);
        }
        int hour = number(text, 11, 13);
        int second = number(text, 17, 19);
        // The end of a day and a leap second are the library's.
        return hour > 23 || second > 59
                ? Instant.parse(text)
                : LocalDateTime.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10), hour,
                        number(text, 14, 16), second, number(text, 20, 23) * 1_000_000).toInstant(ZoneOffset.UTC);
    }

    private static boolean hasOurShape(String text) {
        boolean fits = text.length() == SHAPE.length();
        for (int i = 0; fits && i < SHAPE.length(); i++) {
            char wanted = SHAPE.charAt(i);
            char found = text.charAt(i);
            fits = wanted == '0' ? found >= '0' && found <= '9' : found == wanted;
        }
        return fits;
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }
}
