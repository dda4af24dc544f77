package io.taskscheduler.fake;

import io.taskscheduler.app.port.TaskList;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The list of a store in memory, in parts as a real one has them.
 *
 * @param most finds no more than this at once, whatever is asked for
 */
public record InMemoryTaskList(InMemoryTaskStore store, int most) implements TaskList {

    private static final int PARTS = 4;

    public InMemoryTaskList(InMemoryTaskStore store) {
        this(store, Integer.MAX_VALUE);
    }

    @Override
    public Found find(Stretch stretch, Optional<Position> after, int asked) {
        Comparator<Entry> order = order(stretch.group());
        List<Entry> left = store.all().stream().filter(task -> isIn(stretch.group(), task))
                .map(InMemoryTaskList::entry)
                .filter(entry -> !entry.time().isBefore(stretch.from()) && entry.time().isBefore(stretch.to()))
                .filter(entry -> after.filter(position -> !isAfter(position, entry, order)).isEmpty())
                .sorted(order).toList();
        List<Entry> found = left.subList(0, Math.min(left.size(), Math.min(asked, most)));
        return new Found(found, found.size() < left.size());
    }

    @Override
    public List<Task> read(Group group, List<Entry> entries) {
        if (entries.size() > PAGE) {
            throw new IllegalArgumentException("too many at once");
        }
        Map<String, Task> tasks = store.all().stream()
                .collect(Collectors.toMap(task -> task.id().value(), Function.identity()));
        return entries.stream()
                .filter(entry -> Optional.ofNullable(tasks.get(entry.id()))
                        .filter(task -> isIn(group, task) && entry(task).equals(entry)).isPresent())
                .map(entry -> Objects.requireNonNull(tasks.get(entry.id()))).toList();
    }

    private static boolean isAfter(Position position, Entry entry, Comparator<Entry> order) {
        Optional<Entry> last = Optional.ofNullable(position.last().get(entry.part()))
                .map(id -> new Entry(entry.part(), position.time(), id));
        return last.map(seen -> order.compare(entry, seen) > 0).orElseGet(
                () -> order.compare(entry, new Entry(entry.part(), position.time(), entry.id())) >= 0);
    }

    private static Comparator<Entry> order(Group group) {
        Comparator<Entry> order = Comparator.comparing(Entry::time).thenComparing(Entry::id);
        return group == Group.OPEN ? order : order.reversed();
    }

    private static boolean isIn(Group group, Task task) {
        boolean open = task.state() instanceof TaskState.Scheduled || task.state() instanceof TaskState.Running;
        String word = open ? "open" : task.state().getClass().getSimpleName();
        return word.toUpperCase(Locale.ROOT).equals(group.name());
    }

    private static Entry entry(Task task) {
        Instant time = task.dueAt().or(task::finishedAt).orElseThrow();
        return new Entry(Math.floorMod(task.id().value().hashCode(), PARTS), time, task.id().value());
    }
}
