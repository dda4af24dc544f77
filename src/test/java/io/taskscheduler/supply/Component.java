package io.taskscheduler.supply;

import java.util.List;

/**
 * One library of a bill of materials.
 *
 * @param artifact {@code group:artifact}
 * @param licences as the library declares them: SPDX ids, or whatever name stands there; empty when it declares none
 */
record Component(String artifact, String version, List<String> licences) {

    Component {
        licences = List.copyOf(licences);
    }

    @Override
    public String toString() {
        return artifact + ":" + version;
    }
}
