package io.taskscheduler.local.template;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What invokes a function by itself, declared under the function's {@code Events}, with Lambda's defaults where the template is silent. */
public sealed interface EventSourceResource {

    /** The function's logical id and the event's name in it. */
    String id();

    /** The function that is invoked. */
    String functionName();

    /** The stack's event sources that are switched on, in the template's order; a {@link TemplateException} names what is not understood. */
    static List<EventSourceResource> of(Stack stack) {
        return new EventSourceReader(stack).read();
    }

    /**
     * The messages of a queue.
     *
     * @param window
     *            how long a batch may wait until it is full
     * @param concurrency
     *            how many batches may be worked on at a time
     * @param reportsFailures
     *            whether the function's answer names the messages that failed
     */
    record Queue(String id, String functionName, QueueResource queue, int batchSize, Duration window, int concurrency,
            boolean reportsFailures) implements EventSourceResource {}

    /**
     * The changes of a table.
     *
     * @param streamArn
     *            as the template knows it
     * @param fromTheBeginning
     *            whether what the stream holds at the very first start counts too
     * @param filters
     *            a record passes that one of them lets through; all do when there is none
     * @param reportsFailures
     *            whether the function's answer names the record that it failed at
     * @param retries
     *            how often a failed batch is tried again; until its records are too old when empty
     * @param maximumAge
     *            how old a record may be for one more try
     * @param bisects
     *            whether a failed batch is halved
     * @param onFailure
     *            the queue that is told of what was given up
     */
    record Stream(String id, String functionName, String streamArn, String tableName, boolean fromTheBeginning,
            int batchSize, List<EventPattern> filters, boolean reportsFailures, OptionalInt retries,
            Duration maximumAge, boolean bisects, Optional<String> onFailure) implements EventSourceResource {
        public Stream {
            filters = List.copyOf(filters);
        }
    }

    /**
     * A recurring timer.
     *
     * @param name
     *            the schedule's physical name
     * @param input
     *            what the function gets; EventBridge Scheduler's own event when empty
     */
    record Timer(String id, String functionName, String name, Duration period,
            Optional<String> input) implements EventSourceResource {}
}
