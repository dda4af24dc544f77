package io.taskscheduler.handler.http;

import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.Precision;

/**
 * What the operator says of tasks.
 *
 * @param usual        the precision of a task that does not say
 * @param destinations where webhooks may go
 */
public record TaskRules(Precision usual, Destinations destinations) {}
