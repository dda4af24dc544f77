package io.taskscheduler.adapter.webhook;

import io.taskscheduler.adapter.webhook.CheckedAddresses.BlockedAddress;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Tells what the network did to an attempt, in the API's words. */
final class Failures {

    // TLS tells its causes by their classes. What they say is of use to who waits for the webhook, their names are not.
    private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z][a-z0-9]*\\.)+[A-Z]\\w*: ");

    private Failures() {}

    /** @param error empty when the attempt's time was over before an answer or an error came */
    static Failure describe(Instant startedAt, Duration duration, Optional<IOException> error, Duration timeout) {
        return error.map(e -> new Failure(startedAt, duration, kindOf(e), text(e)))
                .orElseGet(() -> new Failure(startedAt, duration, FailureKind.TIMEOUT,
                        "no answer within " + timeout.toSeconds() + " s"));
    }

    private static FailureKind kindOf(IOException error) {
        // From the particular to the general: several of these extend others of them.
        return switch (error) {
            case BlockedAddress e -> FailureKind.BLOCKED_ADDRESS;
            case UnknownHostException e -> FailureKind.DNS_ERROR;
            case ConnectTimeoutException e -> FailureKind.CONNECT_TIMEOUT;
            case SocketTimeoutException e -> FailureKind.TIMEOUT;
            case NoRouteToHostException e -> FailureKind.UNREACHABLE;
            case ConnectException e -> FailureKind.CONNECTION_REFUSED;
            case SSLException e -> FailureKind.TLS_ERROR;
            case NoHttpResponseException e -> FailureKind.CONNECTION_CLOSED;
            case ConnectionClosedException e -> FailureKind.CONNECTION_CLOSED;
            // The JDK has no type of its own for it; an address without a route, IPv6 from an IPv4 network for one, ends so.
            case SocketException e when text(e).contains("unreachable") -> FailureKind.UNREACHABLE;
            case SocketException e -> FailureKind.CONNECTION_CLOSED;
            case MessageConstraintException e -> FailureKind.INVALID_RESPONSE;
            case ClientProtocolException e -> FailureKind.INVALID_RESPONSE;
            default -> FailureKind.IO_ERROR;
        };
    }

    private static String text(IOException error) {
        String message = error.getMessage();
        return message == null ? "the connection failed" : CLASS_NAME.matcher(message).replaceAll("");
    }
}
