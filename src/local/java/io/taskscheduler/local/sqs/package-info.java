/** SQS on one machine: ElasticMQ on the virtual clock, with the template's queues. */
@NullMarked
package io.taskscheduler.local.sqs;

import org.jspecify.annotations.NullMarked;
