/** Faults of the local AWS, of webhooks and of functions, switched on by the control API. */
@NullMarked
package io.taskscheduler.local.faults;

import org.jspecify.annotations.NullMarked;
