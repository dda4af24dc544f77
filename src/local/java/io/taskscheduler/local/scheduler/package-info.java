/**
 * EventBridge Scheduler for one machine: it speaks the REST-JSON protocol of the service and fires at, rate and cron schedules.
 *
 * <p>Choices where AWS documents nothing: an {@code at()} in the past is accepted and fires at once; in a time zone's gap it moves on by the
 * gap, in an overlap the earlier instant counts; a flexible window and the minute's spread start at the window's first second unless
 * {@link SchedulerOptions#spread()} is set; a schedule with {@code ActionAfterCompletion=DELETE} goes once its last invocation was accepted or
 * given up; deleting a schedule ends its retries, updating it leaves them and lets them use the new target; client tokens are remembered for
 * an hour; a recurring schedule that missed occurrences (the process was down) fires once for them.
 */
package io.taskscheduler.local.scheduler;
