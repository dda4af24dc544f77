/** AWS Secrets Manager, as far as the functions read it. */
@NullMarked
package io.taskscheduler.local.secrets;

import org.jspecify.annotations.NullMarked;
