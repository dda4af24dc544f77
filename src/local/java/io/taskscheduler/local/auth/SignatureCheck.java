package io.taskscheduler.local.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskscheduler.local.http.Authorizer.Verdict;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges signed requests as an HTTP API does: Signature Version 4 in the header {@code Authorization}, for {@code execute-api} in this
 * region, at most five minutes old or ahead, over the host, the body and every {@code x-amz-} header. There is one identity, {@code local}
 * with the secret {@code local}, which may do everything. Whatever is wrong is 403 and no more.
 */
public final class SignatureCheck {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEY = "local";
    private static final String SERVICE = "execute-api";
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
    private static final String DATE = "x-amz-date";
    private static final String BODY = "x-amz-content-sha256";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX")
            .withZone(ZoneOffset.UTC);
    private static final Pattern AUTHORIZATION = Pattern.compile(Signature.ALGORITHM
            + " +Credential=([^/, ]+)/([0-9]{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request *, *"
            + "SignedHeaders=([a-z0-9_;.-]+) *, *Signature=([0-9a-f]{64})");

    private final String region;
    private final String accountId;
    private final InstantSource clock;

    /**
     * @param clock
     *            the machine's own: that is what callers sign with
     */
    public SignatureCheck(String region, String accountId, InstantSource clock) {
        this.region = region;
        this.accountId = accountId;
        this.clock = clock;
    }

    Verdict judge(Request request) {
        Matcher said = AUTHORIZATION.matcher(request.header("authorization").orElse(""));
        return said.matches() && isGenuine(said, request)
                ? new Verdict.Allowed(Optional.of(caller()))
                : new Verdict.Refused(Reply.message(403, "Forbidden"));
    }

    private boolean isGenuine(Matcher said, Request request) {
        String time = request.header(DATE).orElse("");
        List<String> scope = List.of(said.group(2), said.group(3), said.group(4));
        List<String> signed = Arrays.asList(said.group(5).split(";", -1));
        Signature signature = new Signature(request, signed, time, scope);
        return said.group(1).equals(KEY) && isNow(time) && scope.equals(List.of(time.substring(0, 8), region, SERVICE))
                && coversWhatMatters(signed, request)
                && request.header(BODY).map(hash -> hash.equals(Signature.sha256(request.body()))).orElse(true)
                && MessageDigest.isEqual(signature.by(KEY).getBytes(StandardCharsets.US_ASCII),
                        said.group(6).getBytes(StandardCharsets.US_ASCII));
    }

    private boolean isNow(String time) {
        try {
            return Duration.between(TIME.parse(time, Instant::from), clock.instant()).abs()
                    .compareTo(CLOCKS_DIFFER) <= 0;
        } catch (DateTimeException noTime) {
            return false;
        }
    }

    private static boolean coversWhatMatters(List<String> signed, Request request) {
        return signed.contains("host")
                && request.headers().keySet().stream().filter(name -> name.startsWith("x-amz-"))
                        .allMatch(signed::contains)
                && request.headers().keySet().containsAll(signed);
    }

    private ObjectNode caller() {
        ObjectNode iam = JSON.createObjectNode().put("accessKey", KEY).put("accountId", accountId).put("callerId", KEY)
                .put("userArn", "arn:aws:iam::" + accountId + ":user/" + KEY).put("userId", KEY);
        iam.putNull("cognitoIdentity").putNull("principalOrgId");
        return JSON.createObjectNode().set("iam", iam);
    }
}
