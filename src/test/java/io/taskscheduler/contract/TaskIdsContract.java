package io.taskscheduler.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.Tasks;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link TaskIds} does, the fake and the real one alike. */
abstract class TaskIdsContract {

    abstract TaskIds ids();

    @Test
    void no_two_of_ten_thousand_ids_of_one_millisecond_are_the_same() throws InterruptedException {
        List<Callable<List<TaskId>>> callers = IntStream.range(0, 4).<Callable<List<TaskId>>>mapToObj(
                i -> () -> IntStream.range(0, 2_500).mapToObj(n -> ids().next(Tasks.CREATED)).toList()).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Set<TaskId> distinct = threads.invokeAll(callers).stream().map(Future::resultNow).flatMap(List::stream)
                    .collect(Collectors.toSet());

            assertThat(distinct).hasSize(10_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-11-20T19:16:00.123456Z", "2199-12-31T23:59:59.999Z"})
    void an_id_of_any_time_is_a_legal_one(String time) {
        TaskId id = ids().next(Instant.parse(time));

        assertThat(TaskId.isValid(id.value())).isTrue();
        // The limit of EventBridge Scheduler is 64 for an id, a hyphen and the number of a wake-up.
        assertThat(id.value()).matches("[0-9a-zA-Z-_.]{26}");
    }

    /** In whatever order they are asked for: two functions do not wait for each other. */
    @Test
    void ids_of_later_milliseconds_sort_after_those_of_earlier_ones() {
        List<TaskId> fromLastToFirst = LongStream.iterate(2_000, i -> i > 0, i -> i - 1)
                .mapToObj(millis -> ids().next(Tasks.CREATED.plusMillis(millis))).toList();

        assertThat(fromLastToFirst).isSortedAccordingTo(Comparator.comparing(TaskId::value).reversed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "order-4711", "!", "~", "a,b", "A,B"})
    void a_key_has_one_id_which_is_a_legal_one(String key) {
        TaskId id = ids().of(key);

        assertThat(ids().of(key)).isEqualTo(id);
        assertThat(id.value()).matches("[0-9a-zA-Z-_.]{26}");
    }

    @Test
    void no_two_keys_have_the_same_id_nor_one_that_is_new() {
        Set<TaskId> distinct = IntStream.range(0, 10_000)
                .mapToObj(i -> i % 2 == 0 ? ids().of("k" + i) : ids().next(Tasks.CREATED))
                .collect(Collectors.toSet());

        assertThat(distinct).hasSize(10_000);
    }
}
