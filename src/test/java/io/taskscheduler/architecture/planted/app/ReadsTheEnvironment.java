package io.taskscheduler.architecture.planted.app;

import java.util.Map;

record ReadsTheEnvironment(Map<String, String> variables) {

    static ReadsTheEnvironment all() {
        return new ReadsTheEnvironment(System.getenv());
    }
}
