/** Amazon's DynamoDB Local in a process of its own, with the template's tables. */
@NullMarked
package io.taskscheduler.local.dynamodb;

import org.jspecify.annotations.NullMarked;
