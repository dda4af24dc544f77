package io.taskscheduler.handler;

import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.StandIn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Makes a function warm before a snapshot of it is taken (SnapStart, or any runtime with CRaC). Elsewhere nothing happens.
 *
 * <p>The function itself is not touched: what is gone through is a {@link Rehearsal} beside it. So the snapshot holds no connection, no
 * credentials, no secret that was read, no answer of a name server, no id and no time, and nothing has to be thrown away or made anew after
 * it: what is drawn or asked is drawn and asked when it is needed. A rehearsal that fails is logged, and the function starts as cold as
 * without it.
 */
final class Snapshot implements Resource {

    // The compiler's second stage begins at some thousand calls; it ends before Lambda's patience with an initialisation, 130 s.
    private static final int ROUNDS = 400;
    // A function's first request does what the others do not; so it is rehearsed more than once.
    private static final int IN_A_ROW = 5;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** The runtime holds its resources weakly, and nothing else holds these. */
    private static final Set<Snapshot> KEPT = ConcurrentHashMap.newKeySet();

    private final Components components;
    private final Log log;

    private Snapshot(Components components) {
        this.components = components;
        this.log = new Log(components.clock(), System.out);
    }

    /** The same components, which will be warm in a snapshot. */
    static Components warm(Components components) {
        return warm(components, Core.getGlobalContext());
    }

    /** @param context tells of the snapshot */
    static Components warm(Components components, Context<Resource> context) {
        Snapshot snapshot = new Snapshot(components);
        KEPT.add(snapshot);
        context.register(snapshot);
        return components;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        long begun = System.nanoTime();
        int rounds = 0;
        try (StandIn standIn = StandIn.open()) {
            greet();
            while (rounds < ROUNDS && System.nanoTime() - begun < LONGEST.toNanos()) {
                try (Rehearsal rehearsal = new Rehearsal(components, standIn.uri())) {
                    for (int i = 0; i < IN_A_ROW; i++) {
                        rehearsal.once();
                    }
                }
                rounds += IN_A_ROW;
            }
            log.info("rehearsed for a snapshot", Map.of("rounds", rounds));
        } catch (IOException | GeneralSecurityException | RuntimeException | LinkageError e) {
            log.error("the rehearsal for a snapshot failed", Map.of("rounds", rounds), e);
        }
    }

    /** The first word of a TLS handshake, to nobody: reads the authorities that Java trusts, and loads what every handshake begins with. */
    private static void greet() throws GeneralSecurityException, IOException {
        SSLEngine tls = SSLContext.getDefault().createSSLEngine("localhost", 443);
        tls.setUseClientMode(true);
        tls.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(tls.getSession().getPacketBufferSize()));
    }

    /** Nothing was kept that could be stale or the same twice. */
    @Override
    public void afterRestore(Context<? extends Resource> context) {}
}
