package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;

/** Whether {@code POST /schedule-task} is only to say what it would do. */
public final class DryRun {

    private static final String NAME = "dry_run";

    private DryRun() {}

    /** The query as it was understood. */
    public sealed interface Reading {

        record Valid(boolean dryRun) implements Reading {}

        record Refused(Problem problem) implements Reading {}
    }

    public static Reading read(APIGatewayV2HTTPEvent event) {
        Query query = Query.of(event);
        String value = query.value(NAME).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            query.fault(NAME, "must be true or false");
        }
        query.refuseOthers();
        return query.faults().isEmpty()
                ? new Reading.Valid(value.equals("true"))
                : new Reading.Refused(Problem.validation(query.faults()));
    }
}
