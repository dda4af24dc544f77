package io.taskscheduler.adapter.ulid;

import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidCreator;
import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.domain.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

/**
 * ULIDs. A new one is 48 bits of time and 80 bits from a secure random source, drawn for each id, so that no two functions share a state; a
 * key's is the first 128 bits of SHA-256 over {@value #PREFIX} and the key.
 */
public final class UlidTaskIds implements TaskIds {

    /** Never to be changed: every key in use would be forgotten. */
    private static final String PREFIX = "task-scheduler/idempotency-key/1:";

    private static final int ULID_BYTES = 16;

    @Override
    public TaskId next(Instant now) {
        return new TaskId(UlidCreator.getUlid(now.toEpochMilli()).toString());
    }

    @Override
    public TaskId of(String key) {
        byte[] hash = sha256().digest((PREFIX + key).getBytes(StandardCharsets.UTF_8));
        return new TaskId(Ulid.from(Arrays.copyOf(hash, ULID_BYTES)).toString());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
