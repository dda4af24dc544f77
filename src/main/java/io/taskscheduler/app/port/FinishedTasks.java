package io.taskscheduler.app.port;

import io.taskscheduler.domain.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tasks that have come to their end, by when they did. What ended in the last second or so may be missing. Throws {@link Unavailable} when
 * the store does not answer.
 */
public interface FinishedTasks {

    /**
     * How late those began that completed or failed in the time: each that has a {@link Task#finalLateness()}.
     *
     * @param from in whole milliseconds; the first instant that counts
     * @param to   in whole milliseconds; the first instant after it that does not
     * @param most so many tasks are looked at, counting those that have no lateness: when there are more, the newest of each part
     * @return a list for each part into which the store divides its tasks, by nothing but their ids; the newest come first in it. A part is read
     *         when it is taken from the stream
     */
    Stream<List<Duration>> latenesses(Instant from, Instant to, int most);
}
