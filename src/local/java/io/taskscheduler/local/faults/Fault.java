package io.taskscheduler.local.faults;

import java.time.Duration;
import java.util.Optional;

import io.taskscheduler.domain.AttemptResult.FailureKind;

/** Something that is to go wrong, once. */
sealed interface Fault {

    /** Whether it goes wrong before the work is done or after it. */
    enum When {
        BEFORE, AFTER
    }

    /**
     * A request to AWS. After the work, the answer is lost whatever the error; before it, a request without an error is only
     * late.
     */
    record AwsCall(AwsService service, String operation, Optional<AwsError> error, Duration hang, When when)
            implements
                Fault {

        boolean hits(AwsService called, String calledOperation) {
            return service == called && operation.equals(calledOperation);
        }
    }

    /** What AWS answers instead of doing it. */
    record AwsError(String name, int status) {}

    /** An attempt at a webhook. After the request, the answer is lost; before it, one without an ending is only late. */
    record Webhook(Optional<Ending> ending, Duration hang, When when) implements Fault {}

    /** What becomes of a webhook that is not sent. */
    sealed interface Ending {

        record Answer(int status) implements Ending {}

        record Broken(FailureKind kind) implements Ending {}
    }

    /**
     * The end of the process that a function runs in.
     *
     * @param function
     *            its logical id
     * @param atCall
     *            which of the run's outside calls it does not reach, or not survive; counted from 1
     */
    record Death(String function, int atCall, When when) implements Fault {

        boolean hits(String running, int call, When moment) {
            return function.equals(running) && atCall == call && when == moment;
        }
    }
}
