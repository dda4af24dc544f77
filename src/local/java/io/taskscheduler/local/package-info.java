/** The whole system on one machine: starts the services that the template needs and calls the deployed functions. */
@NullMarked
package io.taskscheduler.local;

import org.jspecify.annotations.NullMarked;
