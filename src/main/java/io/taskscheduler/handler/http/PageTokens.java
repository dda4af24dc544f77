package io.taskscheduler.handler.http;

import io.taskscheduler.app.ListTasks.Filter;
import io.taskscheduler.app.port.TaskList.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where a page ended, as a text that means nothing to its holder and that nobody else can make. It is good for the filter it was made for and
 * for no other, though it does not hold it: HMAC-SHA256 over both.
 *
 * <p>Layout, before base64url without padding: version (1 byte), signature (32), time in milliseconds (8), then for each part its number (2), the
 * length of the id (2) and the id.
 */
public final class PageTokens {

    private static final byte VERSION = 1;
    private static final String HMAC = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 32;
    private static final int HEAD_BYTES = 1 + SIGNATURE_BYTES;

    private final SecretKeySpec key;

    /** Tokens that are good wherever the key is the same. */
    public PageTokens(byte[] key) {
        this.key = new SecretKeySpec(key, HMAC);
    }

    public String write(Filter filter, Position position) {
        byte[] body = body(position);
        byte[] token = ByteBuffer.allocate(HEAD_BYTES + body.length).put(VERSION).put(signature(filter, body)).put(body)
                .array();
        return text(token);
    }

    /** Empty when the token was not made by {@link #write} for this filter with this key. */
    public Optional<Position> read(Filter filter, String token) {
        return bytes(token).flatMap(bytes -> {
            byte[] signature = new byte[SIGNATURE_BYTES];
            byte[] body = new byte[bytes.length - HEAD_BYTES];
            byte version = ByteBuffer.wrap(bytes).get(1, signature).get(HEAD_BYTES, body).get();
            boolean good = MessageDigest.isEqual(signature, signature(filter, body)) && version == VERSION;
            return good ? Optional.of(position(body)) : Optional.empty();
        });
    }

    private static Optional<byte[]> bytes(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            // The last character has bits that stand for nothing: of the texts that mean the same only one was given out.
            return text(bytes).equals(token) && bytes.length >= HEAD_BYTES ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] body(Position position) {
        Map<Integer, byte[]> ids = new TreeMap<>();
        position.last().forEach((part, id) -> ids.put(part, id.getBytes(StandardCharsets.UTF_8)));
        int size = Long.BYTES + ids.values().stream().mapToInt(id -> 2 * Short.BYTES + id.length).sum();
        ByteBuffer body = ByteBuffer.allocate(size).putLong(position.time().toEpochMilli());
        ids.forEach((part, id) -> body.putShort(part.shortValue()).putShort((short) id.length).put(id));
        return body.array();
    }

    private static Position position(byte[] bytes) {
        ByteBuffer body = ByteBuffer.wrap(bytes);
        Instant time = Instant.ofEpochMilli(body.getLong());
        Map<Integer, String> last = new HashMap<>();
        while (body.hasRemaining()) {
            int part = body.getShort();
            byte[] id = new byte[body.getShort()];
            body.get(id);
            last.put(part, new String(id, StandardCharsets.UTF_8));
        }
        return new Position(time, last);
    }

    private byte[] signature(Filter filter, byte[] body) {
        byte[] wanted = canonical(filter).getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(VERSION);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(wanted.length).array());
            mac.update(wanted);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    /** One text for each filter, and another for every other. */
    private static String canonical(Filter filter) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("status", filter.status().name());
            json.writeStringProperty("from", filter.from().toString());
            json.writeStringProperty("to", filter.to().toString());
            filter.host().ifPresent(host -> json.writeStringProperty("host", host));
            json.writeObjectPropertyStart("labels");
            new TreeMap<>(filter.labels()).forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
