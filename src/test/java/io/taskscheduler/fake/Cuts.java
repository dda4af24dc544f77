package io.taskscheduler.fake;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What goes wrong at the outside calls of use cases, one cut for each call in turn; nothing once they are used up. */
public final class Cuts {

    private final Deque<Cut> planned = new ArrayDeque<>();
    private final Runnable meanwhile;

    /** What becomes of a call. */
    public enum Cut {
        NONE, FAILS_BEFORE, FAILS_AFTER, DIES_BEFORE, DIES_AFTER,
        /** Something else happens just after it. */
        OVERTAKEN
    }

    /** The process is gone: nothing that comes after may happen. */
    public static final class Died extends Error {

        private static final long serialVersionUID = 1L;
    }

    /** @param meanwhile what happens when a call is overtaken; its own calls meet the cuts that follow */
    public Cuts(Runnable meanwhile) {
        this.meanwhile = meanwhile;
    }

    public void plan(Collection<Cut> cuts) {
        planned.clear();
        planned.addAll(cuts);
    }

    private <T> T call(Supplier<T> work) {
        Cut cut = Optional.ofNullable(planned.poll()).orElse(Cut.NONE);
        stop(cut, Cut.FAILS_BEFORE, Cut.DIES_BEFORE);
        T answer = work.get();
        stop(cut, Cut.FAILS_AFTER, Cut.DIES_AFTER);
        if (cut == Cut.OVERTAKEN) {
            meanwhile.run();
        }
        return answer;
    }

    private static void stop(Cut cut, Cut failure, Cut death) {
        if (cut == failure) {
            throw new Unavailable("planned", new IllegalStateException("planned"));
        }
        if (cut == death) {
            throw new Died();
        }
    }

    private void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    public TaskStore of(TaskStore store) {
        return new TaskStore() {

            @Override
            public Optional<Task> add(Task task) {
                return call(() -> store.add(task));
            }

            @Override
            public Optional<Task> find(TaskId id) {
                return call(() -> store.find(id));
            }

            @Override
            public boolean commit(Transition transition) {
                return call(() -> store.commit(transition));
            }

            @Override
            public boolean takeBack(Task task) {
                return call(() -> store.takeBack(task));
            }
        };
    }

    public Timers of(Timers timers) {
        return timer -> run(() -> timers.set(timer));
    }

    public WakeUps of(WakeUps line) {
        return new WakeUps() {

            @Override
            public void send(List<WakeUp> wakeUps) {
                run(() -> line.send(wakeUps));
            }

            @Override
            public int waiting() {
                return call(line::waiting);
            }
        };
    }

    /** An action never fails by an exception; a function that carries one out may die. */
    public Actions of(Actions actions, Supplier<AttemptResult> answerLost) {
        return attempt -> {
            try {
                return call(() -> actions.perform(attempt));
            } catch (Unavailable lost) {
                return answerLost.get();
            }
        };
    }
}
