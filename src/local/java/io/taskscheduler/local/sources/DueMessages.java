package io.taskscheduler.local.sources;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.Entry;
import io.taskscheduler.local.clock.Track;
import io.taskscheduler.local.sqs.MessageWatch;
import io.taskscheduler.local.template.EventSourceResource;

/**
 * Which of a queue's messages can be received now, and who asks for them: for each message an entry of the agenda, and workers on the
 * entries' own threads, at most as many as the template allows, each until nothing is due, with a bounded number of messages in all.
 */
final class DueMessages implements MessageWatch.Follower, AutoCloseable {
    // Lambda would have a processor for each run. On one machine more of them at once only run into each other's time-outs.
    private static final int MOST_AT_A_TIME = 100;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    // A message that cannot be had although it should be there was taken away unseen, with the whole queue's contents for instance.
    private static final int MOST_MISSES = 3;

    private final EventSourceResource.Queue declared;
    private final Agenda agenda;
    private final InstantSource clock;
    private final Consumer<Track> worker;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final Map<Waiting, Entry> entries = new HashMap<>();
    private final Set<Waiting> due = new LinkedHashSet<>();
    private int workers;
    private int inWork;
    private boolean windowOver;
    private boolean closed;

    DueMessages(EventSourceResource.Queue declared, Agenda agenda, InstantSource clock,
            Consumer<Track> worker) {
        this.declared = declared;
        this.agenda = agenda;
        this.clock = clock;
        this.worker = worker;
    }

    /** A message as it was last told of; compared by identity, for what is told later replaces it. */
    static final class Waiting {
        private final MessageWatch.Message message;
        private final int misses;

        private Waiting(MessageWatch.Message message, int misses) {
            this.message = message;
            this.misses = misses;
        }

        String id() {
            return message.id();
        }

        int receives() {
            return message.receives();
        }
    }

    @Override
    public synchronized void visible(MessageWatch.Message message) {
        enter(new Waiting(message, 0), message.visibleAt());
    }

    @Override
    public synchronized void gone(String id) {
        forget(id);
    }

    /** What a worker asks the queue for: at most as many as may come together; nothing when it has to leave. */
    synchronized List<Waiting> claim() {
        int room = MOST_AT_A_TIME - inWork;
        // With little room the next to finish takes a whole batch: one call of the queue for each message would cost more than they.
        boolean worthIt = room >= Math.min(due.size(), declared.batchSize());
        boolean full = declared.window().isZero() || windowOver || due.size() >= declared.batchSize();
        List<Waiting> claimed = new ArrayList<>();
        Iterator<Waiting> next = due.iterator();
        int most = Math.min(most(), room);
        while (full && worthIt && !closed && next.hasNext() && claimed.size() < most) {
            claimed.add(next.next());
            next.remove();
        }
        if (claimed.isEmpty()) {
            windowOver = windowOver && !due.isEmpty();
            workers--;
        }
        inWork += claimed.size();
        return claimed;
    }

    /** So many of what was claimed are no longer worked on; their worker asks for more. */
    synchronized void finished(List<Waiting> claimed) {
        inWork -= claimed.size();
    }

    /**
     * A batch; but while the clock is being moved one message, unless they have been waited for: one that is done would keep the clock
     * from moving on for the others of its batch that pause. Nobody is promised company.
     */
    private int most() {
        return declared.window().isZero() && agenda.isMoving() ? 1 : declared.batchSize();
    }

    /** A worker is gone without having asked for more. */
    synchronized void leave() {
        workers--;
    }

    /** Of the claimed the queue gave that many, or as many others that were due as well. */
    synchronized void received(List<Waiting> claimed, int count) {
        for (Waiting left : claimed.stream().filter(this::isCurrent).toList()) {
            if (count >= claimed.size()) {
                due.add(left);
            } else if (left.misses + 1 < MOST_MISSES) {
                enter(new Waiting(left.message, left.misses + 1), clock.instant().plus(PAUSE));
            } else {
                forget(left.id());
            }
        }
    }

    /** The queue did not answer: the claimed are asked for again. */
    synchronized void unreachable(List<Waiting> claimed) {
        claimed.stream().filter(this::isCurrent)
                .forEach(left -> enter(new Waiting(left.message, left.misses), clock.instant().plus(PAUSE)));
    }

    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(waiting.keySet()).forEach(this::forget);
    }

    private void enter(Waiting message, Instant when) {
        forget(message.id());
        if (!closed) {
            waiting.put(message.id(), message);
            entries.put(message,
                    agenda.at(when, "message of " + declared.queue().name(),
                            track -> workIf(isNowDue(message), track)));
        }
    }

    private void forget(String id) {
        Waiting old = waiting.remove(id);
        if (old != null) {
            due.remove(old);
            Entry entry = entries.remove(old);
            if (entry != null) {
                entry.cancel();
            }
        }
    }

    private boolean isCurrent(Waiting message) {
        return waiting.get(message.id()) == message;
    }

    private void workIf(boolean wanted, Track track) {
        if (wanted) {
            worker.accept(track);
        }
    }

    private synchronized boolean isNowDue(Waiting message) {
        entries.remove(message);
        if (!isCurrent(message)) {
            return false;
        }
        due.add(message);
        if (!declared.window().isZero() && due.size() == 1 && !windowOver) {
            agenda.at(clock.instant().plus(declared.window()), "batch of " + declared.queue().name(),
                    track -> workIf(isWindowOver(), track));
        }
        return joins();
    }

    private synchronized boolean isWindowOver() {
        windowOver = !due.isEmpty();
        return windowOver && joins();
    }

    private boolean joins() {
        if (workers >= declared.concurrency()) {
            return false;
        }
        workers++;
        return true;
    }
}
