package io.taskscheduler.local.lambda;

import java.util.Arrays;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

/** What became of one run of a function. */
public sealed interface Outcome {

    /** The function answered. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(byte[] json) implements Outcome {}

    /** The function threw, ran out of time or its process ended; {@code json} is what Lambda reports of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Failure(byte[] json) implements Outcome {
        private static final JsonMapper JSON = new JsonMapper();

        static Failure thrown(Throwable thrown) {
            List<String> stack = Arrays.stream(thrown.getStackTrace()).map(StackTraceElement::toString).toList();
            var report = JSON.createObjectNode();
            report.put("errorMessage", thrown.getMessage());
            report.put("errorType", thrown.getClass().getName());
            report.set("stackTrace", JSON.valueToTree(stack));
            return new Failure(JSON.writeValueAsBytes(report));
        }

        static Failure exited(String requestId) {
            var report = JSON.createObjectNode();
            report.put("errorType", "Runtime.ExitError");
            report.put("errorMessage",
                    "RequestId: " + requestId + " Error: Runtime exited with error: exit status 1");
            return new Failure(JSON.writeValueAsBytes(report));
        }

        static Failure timedOut(String requestId, double seconds) {
            var report = JSON.createObjectNode();
            report.put("errorType", "Sandbox.Timedout");
            report.put("errorMessage",
                    "RequestId: %s Error: Task timed out after %.2f seconds".formatted(requestId, seconds));
            return new Failure(JSON.writeValueAsBytes(report));
        }
    }

    /** The function's reserved concurrency was used up; it did not run. */
    record Throttled() implements Outcome {}
}
