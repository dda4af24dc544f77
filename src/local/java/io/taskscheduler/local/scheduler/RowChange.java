package io.taskscheduler.local.scheduler;

import java.util.Optional;

/** A row that was put, or removed when there is nothing after. */
record RowChange(int table, String key, Optional<String> before, Optional<String> after) {}
