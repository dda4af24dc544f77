package io.taskscheduler.adapter.webhook;

import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs after Standard Webhooks: HMAC-SHA256 over id, time and body, once with each key. The secret is one key or several, separated by white
 * space, the newest first; each is base64, with or without {@code whsec_} before it, of 24 to 64 bytes.
 */
final class Signatures {

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final String PREFIX = "whsec_";
    // Source: Standard Webhooks, "signature scheme".
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;
    // Two are what a rotation needs; more would let the header grow past what receivers take.
    private static final int MOST = 4;

    private Signatures() {}

    /**
     * The value of {@code webhook-signature}.
     *
     * @param body the exact bytes that are sent; none when there is no body
     */
    static String of(Secret secret, String id, long epochSecond, byte[] body) throws UnusableSecret {
        byte[] head = (id + "." + epochSecond + ".").getBytes(StandardCharsets.UTF_8);
        StringBuilder signatures = new StringBuilder();
        for (SecretKeySpec key : keys(secret)) {
            signatures.append(signatures.isEmpty() ? "" : " ").append("v1,")
                    .append(Base64.getEncoder().encodeToString(mac(key, head, body)));
        }
        return signatures.toString();
    }

    private static byte[] mac(SecretKeySpec key, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(head);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static List<SecretKeySpec> keys(Secret secret) throws UnusableSecret {
        List<SecretKeySpec> keys = new ArrayList<>();
        for (String text : SPACE.split(secret.value().strip(), -1)) {
            keys.add(key(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text));
        }
        if (keys.size() > MOST) {
            throw unusable("holds more than " + MOST + " keys");
        }
        return keys;
    }

    private static SecretKeySpec key(String text) throws UnusableSecret {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw unusable("holds a key that is not base64");
        }
        if (bytes.length < SHORTEST || bytes.length > LONGEST) {
            throw unusable("holds a key that has not " + SHORTEST + " to " + LONGEST + " bytes");
        }
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    /** The operator mends it, and the next try is signed. */
    private static UnusableSecret unusable(String what) {
        return new UnusableSecret(FailureKind.SECRET_UNAVAILABLE, "the signing secret " + what);
    }
}
