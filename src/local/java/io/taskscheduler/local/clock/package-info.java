/** The time of the local run, and what is done at it. */
package io.taskscheduler.local.clock;
