package io.taskscheduler.local.scheduler;

/** The names of an account's resources. */
record Arns(String region, String account) {

    String schedule(String key) {
        return prefix() + "schedule/" + key;
    }

    String group(String name) {
        return prefix() + "schedule-group/" + name;
    }

    private String prefix() {
        return "arn:aws:scheduler:" + region + ":" + account + ":";
    }
}
