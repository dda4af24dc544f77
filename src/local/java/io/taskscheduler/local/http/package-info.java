/** What listens on the API's port: API Gateway's part, the inbox and the local control API. */
@NullMarked
package io.taskscheduler.local.http;

import org.jspecify.annotations.NullMarked;
