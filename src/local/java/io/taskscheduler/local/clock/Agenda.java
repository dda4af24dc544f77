package io.taskscheduler.local.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Work to be done at instants of a {@link VirtualClock}. Each entry starts on a virtual thread of its own within a few milliseconds of its
 * instant and never before it; entries start in order of their instants, then of insertion, and run side by side. Work that throws is
 * reported and stops nothing. Nothing survives the process: who needs that enters its work again.
 *
 * <p>A move of the clock is left to {@link ClockMoves}, which jumps from one due instant to the next and waits in between until nothing is
 * in flight. Work must therefore never wait for the clock to move, nor move it; a {@link Crew} may, by {@link #pauseUntil}.
 */
public final class Agenda implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Agenda.class.getName());

    // Waiting is measured in time that may stand still while a computer sleeps; the clock does not.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final VirtualClock clock;
    private final BiConsumer<String, Throwable> failed;
    private final Guard guard = new Guard();
    private final Entries entries = new Entries(guard);
    private final Flight flight = new Flight();
    private final Pauses pauses = new Pauses(this, guard, entries, flight);
    private final Background background = new Background();
    private final Steps steps;
    private final ClockMoves moves;

    // Guarded by the lock.
    private long fired;

    public Agenda(VirtualClock clock) {
        this(clock, (what, failure) -> LOG.log(System.Logger.Level.ERROR, what + " failed", failure));
    }

    /** With a receiver of what the work throws; it is called on the work's own thread. */
    public Agenda(VirtualClock clock, BiConsumer<String, Throwable> failed) {
        this.clock = clock;
        this.failed = failed;
        this.steps = new Steps(clock, guard, entries, flight, pauses, background, this::start);
        this.moves = new ClockMoves(clock, steps, () -> guard.get(() -> fired));
        Thread.ofPlatform().daemon().name("agenda").start(this::startWhatIsDue);
    }

    /** Runs the work once the clock reads that instant or later: at once when it does already. */
    public Entry at(Instant when, String what, Runnable work) {
        return at(when, what, _ -> work.run());
    }

    /** The same for work that is given its own track, which ends with it. */
    public Entry at(Instant when, String what, Consumer<Track> work) {
        return guard.get(() -> entries.add(when, what, () -> {
            fired++;
            run(what, work, () -> {});
        }));
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
        return guard.get(() -> {
            var entry = new BackgroundEntry(period, what, work, looksOut, clock.instant(),
                    old -> guard.get(() -> background.remove(old)));
            if (!guard.isClosed()) {
                background.add(entry);
            }
            guard.changed();
            return entry;
        });
    }

    /**
     * Marks work that goes on outside (a call being served, a function invoked asynchronously), so that a move of the clock waits for it.
     * Who sets work off begins its track before the own ends.
     */
    public Track begin(String what) {
        return guard.get(() -> flight.add(new Track(what, this)));
    }

    /**
     * Blocks the calling thread until the clock reads that instant or later, not at all when it does already. The end of a pause has its
     * turn among the entries, but is none: it is not counted as fired. While all of a {@link Crew} pause, a move of the clock does not wait
     * for them; a pause that ends after the move's target goes on when the move is over. A move waits for anyone else who pauses, and only
     * the real time passes then.
     *
     * @throws IllegalStateException when the thread is interrupted, and its interrupt flag is set then, or when the agenda is closed
     */
    public void pauseUntil(Instant when) {
        guard.run(() -> {
            if (when.isAfter(clock.instant())) {
                pauses.until(when);
            }
        });
    }

    /** What is being worked on, the oldest first: what a move that does not end waits for. */
    public List<String> inFlight() {
        return guard.get(flight::names);
    }

    /** Whether the clock is being moved or reset. */
    public boolean isMoving() {
        return steps.isMoving();
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

    /**
     * Returns to the real time once nothing is in flight and nobody pauses, which takes as long as the pauses do. Entries that then lie in
     * the future wait for it.
     */
    public Instant reset() throws InterruptedException {
        return moves.reset();
    }

    /** Starts nothing any more and forgets what waits; does not wait for work in flight. Every pause ends by an exception. */
    @Override
    public void close() {
        guard.run(() -> {
            guard.close();
            entries.clear();
            background.clear();
            pauses.wake();
        });
    }

    Crew crew(Track track, int size) {
        return guard.get(() -> pauses.crew(track, size));
    }

    void ended(Crew crew) {
        guard.run(() -> {
            crew.end();
            guard.changed();
        });
    }

    void ended(Track track) {
        ended(track, () -> {});
    }

    private void ended(Track track, Runnable whenEnded) {
        guard.run(() -> {
            flight.remove(track);
            whenEnded.run();
            guard.changed();
        });
    }

    private void startWhatIsDue() {
        guard.lock();
        try {
            while (!guard.isClosed()) {
                var now = clock.instant();
                entries.begin(now);
                if (!steps.isMoving()) {
                    background.due(now).forEach(this::start);
                }
                guard.change().awaitNanos(Duration.between(now, next(now)).toNanos());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the agenda's own thread", e);
        } finally {
            guard.unlock();
        }
    }

    private Instant next(Instant now) {
        var resting = steps.isMoving() ? Instant.MAX : background.next();
        return Stream.of(now.plus(LONGEST_WAIT), entries.next(), resting).min(Comparator.naturalOrder()).orElseThrow();
    }

    private void start(BackgroundEntry entry) {
        entry.started();
        run(entry.toString(), _ -> entry.work().run(), () -> entry.ended(clock.instant()));
    }

    private void run(String what, Consumer<Track> work, Runnable whenEnded) {
        var track = flight.add(new Track(what, this));
        Thread.ofVirtual().name(what).start(() -> {
            try {
                work.accept(track);
            } catch (Throwable e) {
                failed.accept(what, e);
            } finally {
                ended(track, whenEnded);
            }
        });
    }
}
