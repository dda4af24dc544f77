package io.taskscheduler.local.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

import io.taskscheduler.domain.AttemptResult.FailureKind;

/** Reads a fault of webhooks, whose errors have the API's names. */
final class WebhookReader {
    private static final String KINDS = Arrays.stream(FailureKind.values()).map(WebhookReader::word)
            .collect(Collectors.joining(", "));

    private final Entry entry;

    WebhookReader(Entry entry) {
        this.entry = entry;
    }

    Optional<Fault> read() {
        entry.onlyKnows(Set.of("error", "status", "hang_ms"), FaultsReader.WEBHOOK);
        Duration hang = entry.hang();
        Fault.When when = entry.when();
        return Optional.of(new Fault.Webhook(ending(hang), hang, when));
    }

    private Optional<Fault.Ending> ending(Duration hang) {
        OptionalInt status = entry.number("status", 200, 599);
        Optional<FailureKind> kind = kind();
        if (entry.has("status") && entry.has("error")) {
            entry.wrong("error", "goes without a status: a webhook is answered or it is not");
        }
        if (status.isPresent()) {
            return Optional.of(new Fault.Ending.Answer(status.getAsInt()));
        }
        if (kind.isPresent() || hang.isZero()) {
            return Optional.of(new Fault.Ending.Broken(kind.orElse(FailureKind.CONNECTION_REFUSED)));
        }
        return Optional.empty();
    }

    private Optional<FailureKind> kind() {
        String expected = "must be one of " + KINDS;
        Optional<String> name = entry.text("error", expected);
        Optional<FailureKind> kind = name.flatMap(
                text -> Arrays.stream(FailureKind.values()).filter(each -> word(each).equals(text)).findFirst());
        if (name.isPresent() && kind.isEmpty()) {
            entry.wrong("error", expected);
        }
        return kind;
    }

    private static String word(FailureKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
