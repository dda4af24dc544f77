package io.taskscheduler.local.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * Work to be done at instants of a {@link VirtualClock}. Each entry starts on a virtual thread of its own within a few milliseconds of its
 * instant and never before it; entries start in order of their instants, then of insertion, and run side by side. Work that throws is
 * reported and stops nothing. Nothing survives the process: who needs that enters its work again.
 *
 * <p>A move of the clock is left to {@link ClockMoves}, which jumps from one due instant to the next and waits in between until nothing is
 * in flight. Work must therefore never wait for the clock to move, nor move it.
 */
public final class Agenda implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Agenda.class.getName());

    // Waiting is measured in time that may stand still while a computer sleeps; the clock does not.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final VirtualClock clock;
    private final BiConsumer<String, Throwable> failed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeSet<Entry> waiting = new TreeSet<>();
    private final Set<BackgroundEntry> background = new LinkedHashSet<>();
    private final Set<Track> inFlight = new LinkedHashSet<>();
    private final ClockMoves moves;
    private long numbers;
    private long fired;
    private boolean moving;
    private boolean closed;

    public Agenda(VirtualClock clock) {
        this(clock, (what, failure) -> LOG.log(System.Logger.Level.ERROR, what + " failed", failure));
    }

    /** With a receiver of what the work throws; it is called on the work's own thread. */
    public Agenda(VirtualClock clock, BiConsumer<String, Throwable> failed) {
        this.clock = clock;
        this.failed = failed;
        this.moves = new ClockMoves(clock, this);
        Thread.ofPlatform().daemon().name("agenda").start(this::startWhatIsDue);
    }

    /** Runs the work once the clock reads that instant or later: at once when it does already. */
    public Entry at(Instant when, String what, Runnable work) {
        lock.lock();
        try {
            var entry = new Entry(when, numbers++, what, work, this::remove);
            if (!closed) {
                waiting.add(entry);
            }
            if (!waiting.isEmpty() && waiting.first().equals(entry)) {
                changed.signalAll();
            }
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** Runs the work each time the period has passed since its last run ended, and once at the end of every move of the clock. */
    public BackgroundEntry everyInBackground(Duration period, String what, Runnable work) {
        return inBackground(period, what, work, false);
    }

    /**
     * The same for work that looks for what came from outside. In a move of the clock it runs before the first step too, and before a
     * further one when that much real time has passed since: what was there when a move began is seen before the clock moves.
     */
    public BackgroundEntry lookEvery(Duration period, String what, Runnable work) {
        return inBackground(period, what, work, true);
    }

    private BackgroundEntry inBackground(Duration period, String what, Runnable work, boolean looksOut) {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("a period must be positive, not " + period);
        }
        lock.lock();
        try {
            var entry = new BackgroundEntry(period, what, work, looksOut, clock.instant(), this::remove);
            if (!closed) {
                background.add(entry);
            }
            changed.signalAll();
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Marks work that goes on outside (a call being served, a function invoked asynchronously), so that a move of the clock waits for it.
     * Who sets work off begins its track before the own ends.
     */
    public Track begin(String what) {
        lock.lock();
        try {
            var track = new Track(what, this::ended);
            inFlight.add(track);
            return track;
        } finally {
            lock.unlock();
        }
    }

    /** What is being worked on, the oldest first: what a move that does not end waits for. */
    public List<String> inFlight() {
        lock.lock();
        try {
            return inFlight.stream().map(Track::toString).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the clock to the target in steps: what is due on the way fires in order of its time, each when the clock reads its instant; a
     * step ends when nothing is in flight; what was set off and is due before the target fires in its turn. At the end the clock reads the
     * target plus the real time that the move took, the background has run once, and nothing is in flight. Moves wait for each other.
     *
     * @throws IllegalArgumentException when the target is past or after the year 9999; nothing has moved then
     */
    public Move advanceTo(Instant target) throws InterruptedException {
        return moves.to(now -> target);
    }

    /** {@link #advanceTo} that many from now. */
    public Move advanceBy(Duration duration) throws InterruptedException {
        return moves.to(now -> now.plus(duration));
    }

    /** Returns to the real time once nothing is in flight. Entries that then lie in the future wait for it. */
    public Instant reset() throws InterruptedException {
        return moves.reset();
    }

    /** Starts nothing any more and forgets what waits; does not wait for work in flight. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            background.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // What ClockMoves needs

    long fired() {
        lock.lock();
        try {
            return fired;
        } finally {
            lock.unlock();
        }
    }

    /** While moving, the background is held back. */
    void moving(boolean now) {
        lock.lock();
        try {
            moving = now;
            background.forEach(entry -> entry.restart(clock.instant()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is in flight and nothing due, then jumps to the next entry's instant if the final offset would pass it. */
    boolean jump(Duration finalOffset) throws InterruptedException {
        lock.lock();
        try {
            awaitQuiet();
            var next = waiting.isEmpty() ? Instant.MAX : waiting.first().when();
            var here = !next.isAfter(clock.instantAt(finalOffset));
            clock.forwardTo(here ? clock.offsetThatShows(next) : finalOffset);
            changed.signalAll();
            return here;
        } finally {
            lock.unlock();
        }
    }

    void awaitQuietAndReset() throws InterruptedException {
        lock.lock();
        try {
            awaitQuiet();
            clock.reset();
        } finally {
            lock.unlock();
        }
    }

    /** Runs what looks out and waits for what that sets off: all of it, or only what has not looked for its period. */
    void lookOut(boolean all) throws InterruptedException {
        lock.lock();
        try {
            if (background.stream().anyMatch(entry -> entry.looksOut(all))) {
                awaitQuiet();
                background.stream().filter(entry -> entry.looksOut(all)).toList().forEach(this::start);
                awaitQuiet();
            }
        } finally {
            lock.unlock();
        }
    }

    void runBackgroundOnce() throws InterruptedException {
        lock.lock();
        try {
            background.forEach(this::start);
            awaitQuiet();
        } finally {
            lock.unlock();
        }
    }

    private void awaitQuiet() throws InterruptedException {
        while (!inFlight.isEmpty() || (!waiting.isEmpty() && !waiting.first().when().isAfter(clock.instant()))) {
            if (closed) {
                throw new IllegalStateException("the agenda is closed");
            }
            changed.signalAll();
            changed.await();
        }
    }

    private void startWhatIsDue() {
        lock.lock();
        try {
            while (!closed) {
                var now = clock.instant();
                while (!waiting.isEmpty() && !waiting.first().when().isAfter(now)) {
                    start(waiting.removeFirst());
                }
                if (!moving) {
                    background.stream().filter(entry -> entry.isDue(now)).toList().forEach(this::start);
                }
                changed.awaitNanos(untilNext(now).toNanos());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the agenda's own thread", e);
        } finally {
            lock.unlock();
        }
    }

    private Duration untilNext(Instant now) {
        var due = new ArrayList<Instant>(List.of(now.plus(LONGEST_WAIT)));
        if (!waiting.isEmpty()) {
            due.add(waiting.first().when());
        }
        if (!moving) {
            background.stream().filter(entry -> !entry.isRunning()).map(BackgroundEntry::next).forEach(due::add);
        }
        return Duration.between(now, Collections.min(due));
    }

    private void start(Entry entry) {
        fired++;
        run(entry.what(), entry.work(), () -> {});
    }

    private void start(BackgroundEntry entry) {
        entry.started();
        run(entry.toString(), entry.work(), () -> entry.ended(clock.instant()));
    }

    private void run(String what, Runnable work, Runnable whenEnded) {
        var track = new Track(what, this::ended);
        inFlight.add(track);
        Thread.ofVirtual().name(what).start(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                failed.accept(what, e);
            } finally {
                ended(track, whenEnded);
            }
        });
    }

    private void ended(Track track) {
        ended(track, () -> {});
    }

    private void ended(Track track, Runnable whenEnded) {
        lock.lock();
        try {
            inFlight.remove(track);
            whenEnded.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean remove(Entry entry) {
        lock.lock();
        try {
            var waited = waiting.remove(entry);
            changed.signalAll();
            return waited;
        } finally {
            lock.unlock();
        }
    }

    private boolean remove(BackgroundEntry entry) {
        lock.lock();
        try {
            return background.remove(entry);
        } finally {
            lock.unlock();
        }
    }
}
