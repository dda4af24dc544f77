package io.taskscheduler.local.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a fault of an AWS service. */
final class AwsCallReader {
    private static final String ERROR_NAME = "[A-Za-z][A-Za-z0-9._]{0,99}";

    private final Entry entry;
    private final AwsService service;

    AwsCallReader(Entry entry, AwsService service) {
        this.entry = entry;
        this.service = service;
    }

    Optional<Fault> read() {
        entry.onlyKnows(Set.of("operation", "error", "status", "hang_ms"), service.word());
        Optional<String> operation = operation();
        Optional<Fault.AwsError> error = error();
        Duration hang = entry.hang();
        Fault.When when = entry.when();
        if (when == Fault.When.BEFORE && !entry.has("error") && !entry.has("status") && !entry.has("hang_ms")) {
            entry.wrong("", "nothing would go wrong: give an error, a status, hang_ms or \"when\": \"after\"");
        }
        return operation.map(name -> new Fault.AwsCall(
                AwsService.isOfStreams(name) ? AwsService.DYNAMODB : service, name, error, hang, when));
    }

    private Optional<String> operation() {
        String expected = "must be an operation of " + service.word() + " such as " + example();
        Optional<String> operation = entry.text("operation", expected);
        if (operation.isEmpty()) {
            entry.wrong("operation", expected);
        }
        return operation.filter(name -> {
            // The local run polls both in the same way.
            boolean known = service.operations().contains(name)
                    || (service == AwsService.SQS && AwsService.isOfStreams(name));
            if (!known) {
                entry.wrong("operation", name + " is none: it " + expected);
            }
            return known;
        });
    }

    private Optional<Fault.AwsError> error() {
        String expected = "must be the name of an AWS error such as InternalServerException";
        Optional<String> name = entry.text("error", expected);
        name.filter(text -> !text.matches(ERROR_NAME)).ifPresent(text -> entry.wrong("error", expected));
        OptionalInt status = entry.number("status", 400, 599);
        if (name.isEmpty() && status.isEmpty()) {
            return Optional.empty();
        }
        String error = name.orElseGet(() -> service.errorOf(status.orElseThrow()));
        return Optional.of(new Fault.AwsError(error, status.orElseGet(() -> service.statusOf(error))));
    }

    private String example() {
        return switch (service) {
            case DYNAMODB -> "PutItem, UpdateItem, GetItem, Query, DeleteItem, GetRecords";
            case SCHEDULER -> "CreateSchedule, UpdateSchedule, DeleteSchedule";
            case SECRETSMANAGER -> "GetSecretValue";
            case SQS -> "SendMessage, ReceiveMessage, DeleteMessage";
        };
    }
}
