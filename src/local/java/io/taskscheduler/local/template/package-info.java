/** Reads the deployment template, so that what runs on one machine is what deploys. */
@NullMarked
package io.taskscheduler.local.template;

import org.jspecify.annotations.NullMarked;
