/** Lambda on one machine: the unmodified functions behind Lambda's own serialisation, with its retries and limits. */
@NullMarked
package io.taskscheduler.local.lambda;

import org.jspecify.annotations.NullMarked;
