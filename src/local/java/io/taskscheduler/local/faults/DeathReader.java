package io.taskscheduler.local.faults;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Reads the death of a function. */
final class DeathReader {
    private static final int MOST_CALLS = 1_000_000;

    private final Entry entry;
    private final Set<String> functions;

    DeathReader(Entry entry, Set<String> functions) {
        this.entry = entry;
        this.functions = functions;
    }

    Optional<Fault> read() {
        entry.onlyKnows(Set.of("function", "kill_at_call"), FaultsReader.LAMBDA);
        String expected = "must be a function of the template: " + String.join(", ", new TreeSet<>(functions));
        Optional<String> function = entry.text("function", expected).filter(functions::contains);
        if (function.isEmpty()) {
            entry.wrong("function", expected);
        }
        OptionalInt call = entry.number("kill_at_call", 1, MOST_CALLS);
        if (call.isEmpty()) {
            entry.wrong("kill_at_call", "must say at which outside call the function dies, counted from 1");
        }
        Fault.When when = entry.when();
        return function.isPresent() && call.isPresent()
                ? Optional.of(new Fault.Death(function.get(), call.getAsInt(), when))
                : Optional.empty();
    }
}
