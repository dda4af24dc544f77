/** What API Gateway does before a request reaches its function: it holds callers to what their route asks them for. */
@NullMarked
package io.taskscheduler.local.auth;

import org.jspecify.annotations.NullMarked;
