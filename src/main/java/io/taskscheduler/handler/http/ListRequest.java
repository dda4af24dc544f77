package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.app.ListTasks.Filter;
import io.taskscheduler.app.ListTasks.Status;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.app.port.TaskList.Stretch;
import io.taskscheduler.domain.Violation;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code GET /tasks} is asked for, or all that is wrong with it. */
public final class ListRequest {

    private static final int DEFAULT_LIMIT = 20;
    private static final int HIGHEST_LIMIT = 100;

    private static final String LABEL = "label.";
    private static final Pattern LIMIT = Pattern.compile("\\d{1,3}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern DATE_TIME = Pattern.compile(
            "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d{2}:\\d{2})");
    private static final Pattern LOST_PLUS = Pattern.compile(".*\\d \\d{2}:\\d{2}");
    private static final String STATUSES = Arrays.stream(Status.values()).map(ListRequest::word)
            .collect(Collectors.joining(", "));

    private final Query query;

    private ListRequest(Query query) {
        this.query = query;
    }

    /** The request as it was understood. */
    public sealed interface Reading {

        /**
         * Everything is right.
         *
         * @param limit 1 to 100
         * @param after where the page before ended; empty for the first
         */
        record Valid(Filter filter, int limit, Optional<Position> after) implements Reading {}

        record Refused(Problem problem) implements Reading {}
    }

    public static Reading read(APIGatewayV2HTTPEvent event, PageTokens tokens) {
        Query query = Query.of(event);
        Reading reading = new ListRequest(query).read(tokens);
        List<Violation> faults = query.faults();
        return faults.isEmpty() ? reading : new Reading.Refused(Problem.validation(faults));
    }

    private Reading read(PageTokens tokens) {
        Status status = query.value("status").flatMap(this::status).orElse(Status.OPEN);
        Instant from = query.value("from").flatMap(text -> time("from", text)).orElse(Stretch.BEGINNING);
        Instant to = query.value("to").flatMap(text -> time("to", text)).orElse(Stretch.END);
        if (!from.isBefore(to)) {
            query.fault("to", "must be after from");
        }
        Optional<String> host = query.value("host").flatMap(this::host);
        int limit = query.value("limit").flatMap(this::limit).orElse(DEFAULT_LIMIT);
        Optional<String> token = query.value("next_token");
        Filter filter = new Filter(status, from, to, host, labels());
        query.refuseOthers();
        // Whether a token is good for a filter can be told only of a filter that is one.
        Optional<Position> after = query.faults().isEmpty()
                ? token.flatMap(text -> position(tokens, filter, text))
                : Optional.empty();
        return new Reading.Valid(filter, limit, after);
    }

    private Optional<Status> status(String text) {
        Optional<Status> status = Arrays.stream(Status.values()).filter(s -> word(s).equals(text)).findFirst();
        return status.or(() -> query.fault("status", "must be one of " + STATUSES));
    }

    private Optional<Integer> limit(String text) {
        return Optional.of(text).filter(t -> LIMIT.matcher(t).matches()).map(Integer::parseInt)
                .filter(limit -> limit >= 1 && limit <= HIGHEST_LIMIT)
                .or(() -> query.fault("limit", "must be a whole number from 1 to " + HIGHEST_LIMIT));
    }

    private Optional<String> host(String text) {
        return HOST.matcher(text).matches()
                ? Optional.of(text.toLowerCase(Locale.ROOT))
                : query.fault("host", "must be a host alone, such as example.com: no scheme, no port, no path");
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        query.namesFrom(LABEL).forEach(name -> query.value(name).ifPresent(value -> {
            String key = name.substring(LABEL.length());
            if (!TaskRequest.LABEL_KEY.matcher(key).matches()) {
                query.fault(name, "is no label: after label. come 1 to 64 of A-Z a-z 0-9 _ . -");
            } else if (value.codePointCount(0, value.length()) > TaskRequest.LONGEST_LABEL) {
                query.fault(name, "has more than " + TaskRequest.LONGEST_LABEL + " characters, which no label has");
            } else {
                labels.put(key, value);
            }
        }));
        return labels;
    }

    private Optional<Instant> time(String name, String text) {
        if (LOST_PLUS.matcher(text).matches()) {
            return query.fault(name, "has a space for the + of its offset: in a query a + is written %2B");
        }
        if (!DATE_TIME.matcher(text).matches()) {
            return query.fault(name,
                    "must be RFC 3339 with an offset, such as 2027-05-17T15:00:00Z or 2027-05-17T17:00:00%2B02:00");
        }
        try {
            // Finer digits than milliseconds are cut.
            Instant time = OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant()
                    .truncatedTo(ChronoUnit.MILLIS);
            return time.isBefore(Stretch.BEGINNING) || time.isAfter(Stretch.END)
                    ? query.fault(name, "must lie between the years 1 and 9999")
                    : Optional.of(time);
        } catch (DateTimeException e) {
            return query.fault(name, "is no date and time that exists (there is no second 60 and no 30 February)");
        }
    }

    private Optional<Position> position(PageTokens tokens, Filter filter, String token) {
        return tokens.read(filter, token).or(() -> query.fault("next_token",
                "is not one that a page of this list has given; a token is good for the same filter only"));
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
