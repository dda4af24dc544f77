package io.taskscheduler.local.faults;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import io.taskscheduler.local.http.Endpoint;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * The faults that one local run has been told to have, in the order told. Each call meets the first that it fits and that is
 * left. Nothing fails that no fault was told for, and nothing once this is closed.
 */
public final class Faults implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private List<Waiting> told = List.of();
    private @Nullable Detour detour;
    private boolean closed;

    /** What answers {@code /_local/faults}; a fault can be told for these functions, given by their logical ids. */
    public Endpoint control(Set<String> functions) {
        return new FaultControl(this, functions);
    }

    /** Has the work, and whatever threads it starts, done on behalf of the local run itself. */
    public <T> T asLauncher(java.util.function.Supplier<T> work) {
        return Origin.on(new Origin.Launcher(this), work);
    }

    /**
     * A run of a function that is about to start.
     *
     * @param death
     *            called when it is to die, on the thread that dies and never returns
     */
    public Invocation invocation(String function, Runnable death) {
        return new Invocation(this, function, death);
    }

    /** From now on these and no others. */
    synchronized void tell(List<Waiting> faults) throws IOException {
        if (detour == null && !closed && faults.stream().anyMatch(each -> each.fault() instanceof Fault.AwsCall)) {
            detour = Detour.start(this);
        }
        told = closed ? List.of() : List.copyOf(faults);
    }

    /** All that were told, each with what is left of it. */
    synchronized ArrayNode show() {
        ArrayNode list = JSON.createArrayNode();
        for (Waiting each : told) {
            JsonNode view = each.json();
            list.add(view);
        }
        return list;
    }

    /** The fault that this one meets, which is one less from now on. */
    synchronized <F extends Fault> Optional<F> take(Class<F> kind, Predicate<F> hit) {
        return told.stream().filter(each -> each.isLeft(kind, hit)).findFirst().filter(Waiting::strikes)
                .map(each -> kind.cast(each.fault()));
    }

    /** Where a call must be led because a fault waits for its like. */
    synchronized Optional<Detour> detour(AwsService service, String operation) {
        return told.stream()
                .anyMatch(each -> each.isLeft(Fault.AwsCall.class, fault -> fault.hits(service, operation)))
                        ? Optional.ofNullable(detour)
                        : Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        told = List.of();
        if (detour != null) {
            detour.close();
        }
    }
}
