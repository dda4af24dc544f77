package io.taskscheduler.local.sqs;

import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import org.elasticmq.util.NowProvider;

/** ElasticMQ's time, taken from a clock of ours: delays and visibility follow it. */
final class VirtualNow extends NowProvider {
    private final InstantSource clock;

    VirtualNow(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public long nowMillis() {
        return clock.millis();
    }

    @Override
    public OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
