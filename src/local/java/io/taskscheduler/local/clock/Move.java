package io.taskscheduler.local.clock;

import java.time.Instant;

/**
 * What a move of the clock did.
 *
 * @param now what the clock read at its end
 * @param fired how many entries fired meanwhile, those in the background not counted
 */
public record Move(Instant now, long fired) {}
