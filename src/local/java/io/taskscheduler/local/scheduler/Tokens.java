package io.taskscheduler.local.scheduler;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Client tokens: the same request again has the first one's answer and no further effect. They are remembered for an hour. */
final class Tokens {

    private static final Duration MEMORY = Duration.ofHours(1);
    // Each new token clears away more than one old one, so that they cannot pile up.
    private static final int CLEARED_AT_ONCE = 4;

    private final ScheduleStore store;
    private final InstantSource clock;

    Tokens(ScheduleStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** To be called within a change. The operation's answer is a text; the request is all that must be the same. */
    String once(String operation, Optional<String> token, String request, Supplier<String> work) {
        if (token.isEmpty()) {
            return work.get();
        }
        var key = "token/" + operation + "/" + token.get();
        var known = store.tokens().get(key);
        var fingerprint = fingerprint(request);
        if (known.isPresent()) {
            if (!known.get().startsWith(fingerprint)) {
                throw Refusal.conflict("The client token " + token.get() + " was used for another request.");
            }
            return known.get().substring(fingerprint.length());
        }
        var answer = work.get();
        clear();
        store.tokens().put(key, fingerprint + answer);
        store.tokens().put(age(clock.millis()) + key, "");
        return answer;
    }

    private void clear() {
        var end = age(clock.instant().minus(MEMORY).toEpochMilli());
        for (var i = 0; i < CLEARED_AT_ONCE; i++) {
            var oldest = store.tokens().firstKey();
            if (oldest.filter(age -> age.compareTo(end) < 0).isEmpty()) {
                return;
            }
            store.tokens().remove(oldest.get());
            store.tokens().remove(oldest.get().substring(end.length()));
        }
    }

    private static String age(long millis) {
        return String.format(Locale.ROOT, "age/%015d/", millis);
    }

    private static String fingerprint(String request) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
