package io.taskscheduler.supply;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The licences that libraries may have: all that a library declares must be among them, and it must declare one. */
record Licences(Set<String> allowed) {

    /** What may be deployed: passed on with the functions without a duty beyond naming the authors. */
    static final Licences DEPLOYED = new Licences(Set.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause"));

    /** What tests and the local run may use besides; nothing of it is passed on. */
    static final Licences TESTS = DEPLOYED.and("BSD-4-Clause", "EPL-1.0", "EPL-2.0", "MPL-2.0",
            "LGPL-2.1-or-later", "GPL-2.0-with-classpath-exception",
            // H2's name for EPL-1.0 and JMH's for the one above, which the bill of materials does not know.
            "EPL 1.0", "GNU General Public License (GPL), version 2, with the Classpath exception");

    Licences {
        allowed = Set.copyOf(allowed);
    }

    /** One line for each library that may not be used, saying why. */
    List<String> refused(List<Component> components) {
        return components.stream().filter(each -> each.licences().isEmpty() || !allowed.containsAll(each.licences()))
                .map(each -> each + " has " + (each.licences().isEmpty()
                        ? "no licence"
                        : "the licence " + each.licences().stream().filter(id -> !allowed.contains(id))
                                .collect(Collectors.joining(", "))))
                .toList();
    }

    private Licences and(String... more) {
        Set<String> both = new TreeSet<>(allowed);
        both.addAll(Set.of(more));
        return new Licences(both);
    }
}
