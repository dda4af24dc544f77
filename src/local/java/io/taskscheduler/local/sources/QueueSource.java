package io.taskscheduler.local.sources;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.Crew;
import io.taskscheduler.local.clock.Entry;
import io.taskscheduler.local.clock.Track;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.lambda.Outcome;
import io.taskscheduler.local.sqs.MessageWatch;
import io.taskscheduler.local.template.EventSourceResource;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Invokes a function with a queue's messages, each as soon as it can be received on the virtual clock. What the function did is deleted;
 * what failed, and what it was killed with, comes back when the queue's visibility time-out ends. A message is received only when the
 * function may run. An entry of the agenda lasts until what it found due is done: a move of the clock waits for it.
 */
final class QueueSource implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(QueueSource.class.getName());
    private static final int MOST_PER_CALL = 10;
    private static final Duration LONGEST_REDRIVE = Duration.ofSeconds(2);

    private final EventSourceResource.Queue declared;
    private final LocalFunction function;
    private final SqsClient client;
    private final MessageWatch watch;
    private final Agenda agenda;
    private final InstantSource clock;
    private final DueMessages due;

    QueueSource(EventSourceResource.Queue declared, LocalFunction function, SqsClient client, MessageWatch watch,
            Agenda agenda, InstantSource clock) {
        this.declared = declared;
        this.function = function;
        this.client = client;
        this.watch = watch;
        this.agenda = agenda;
        this.clock = clock;
        this.due = new DueMessages(declared, agenda, clock, this::work);
    }

    /** Takes up what is in the queue and what will be. A function that is switched off leaves it there. */
    void start() {
        if (!function.isSwitchedOff()) {
            watch.follow(declared.queue().name(), due);
        }
    }

    @Override
    public void close() {
        watch.unfollow(declared.queue().name());
        due.close();
    }

    /** One of at most as many as may work at a time; goes on while anything is due. */
    private void work(Track track) {
        try {
            boolean more = true;
            while (more) {
                try (LocalFunction.Place place = function.place()) {
                    List<DueMessages.Waiting> claimed = due.claim();
                    more = !claimed.isEmpty();
                    try {
                        if (more) {
                            batch(claimed, place, track);
                        }
                    } finally {
                        due.finished(claimed);
                    }
                }
            }
        } catch (InterruptedException e) {
            due.leave();
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            due.leave();
            throw e;
        }
    }

    private void batch(List<DueMessages.Waiting> claimed, LocalFunction.Place place, Track track)
            throws InterruptedException {
        claimed.forEach(this::expectRedrive);
        List<Message> received;
        try {
            received = receive(claimed.size());
        } catch (SdkException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "SQS gave no messages of " + declared.queue().name(), e);
            due.unreachable(claimed);
            return;
        }
        due.received(claimed, received.size());
        if (!received.isEmpty()) {
            Outcome outcome = run(received, place, track);
            BatchAnswer.show(function, outcome);
            Set<String> failed = BatchAnswer.failed(outcome, received.stream().map(Message::messageId).toList(),
                    declared.reportsFailures());
            delete(received.stream().filter(message -> !failed.contains(message.messageId())).toList());
        }
    }

    /** Each message may pause for itself. */
    private Outcome run(List<Message> batch, LocalFunction.Place place, Track track) throws InterruptedException {
        try (Crew _ = track.crew(batch.size())) {
            return place.run(SqsEvent.of(batch, declared.queue().arn()));
        }
    }

    private List<Message> receive(int count) {
        List<Message> all = new ArrayList<>();
        List<Message> page;
        do {
            int wanted = Math.min(MOST_PER_CALL, count - all.size());
            page = client.receiveMessage(r -> r.queueUrl(declared.queue().url()).maxNumberOfMessages(wanted)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL).messageAttributeNames("All"))
                    .messages();
            all.addAll(page);
        } while (!page.isEmpty() && all.size() < count);
        return all;
    }

    private void delete(List<Message> done) {
        for (int from = 0; from < done.size(); from += MOST_PER_CALL) {
            List<DeleteMessageBatchRequestEntry> entries = done.subList(from,
                    Math.min(done.size(), from + MOST_PER_CALL)).stream()
                    .map(message -> DeleteMessageBatchRequestEntry.builder().id(message.messageId())
                            .receiptHandle(message.receiptHandle()).build())
                    .toList();
            try {
                client.deleteMessageBatch(r -> r.queueUrl(declared.queue().url()).entries(entries));
            } catch (SdkException e) {
                // They come back, as they do on AWS.
                LOG.log(System.Logger.Level.WARNING,
                        () -> "SQS did not delete from " + declared.queue().name(), e);
            }
        }
    }

    /** The queue does not wait for the other one to have what it moves there; a move of the clock has to. */
    private void expectRedrive(DueMessages.Waiting message) {
        declared.queue().redrive().filter(redrive -> message.receives() >= redrive.maxReceiveCount())
                .ifPresent(redrive -> {
                    Track track = agenda.begin("redrive of " + message.id());
                    Entry latest = agenda.at(clock.instant().plus(LONGEST_REDRIVE), "end of " + track, track::close);
                    watch.whenIn(redrive.deadLetterQueueName(), message.id(), () -> {
                        latest.cancel();
                        track.close();
                    });
                });
    }
}
