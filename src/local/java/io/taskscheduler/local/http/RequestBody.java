package io.taskscheduler.local.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The bodies of requests to the JDK's HTTP server. */
public final class RequestBody {
    private static final int DRAINED_BODIES = 10;

    private RequestBody() {}

    /**
     * The whole body, or nothing if it has more bytes than that. The rest of one that is too large is read too, up to ten times
     * as much: the server closes a connection on which something is left, and a caller that is still sending, or that uses the
     * connection again, would see a broken one instead of the answer.
     */
    public static Optional<byte[]> read(InputStream in, int mostBytes) throws IOException {
        byte[] body = in.readNBytes(mostBytes + 1);
        if (body.length <= mostBytes) {
            return Optional.of(body);
        }
        byte[] rest = new byte[64 * 1024];
        int read = 0;
        for (long left = (long) DRAINED_BODIES * mostBytes; left > 0 && read >= 0; left -= read) {
            read = in.read(rest);
        }
        return Optional.empty();
    }
}
