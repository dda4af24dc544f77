/** What invokes functions by itself: queues, table streams and recurring timers, as Lambda and EventBridge Scheduler do it. */
@NullMarked
package io.taskscheduler.local.sources;

import org.jspecify.annotations.NullMarked;
