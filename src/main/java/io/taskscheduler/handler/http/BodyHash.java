package io.taskscheduler.handler.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A body's JSON value in 43 characters: SHA-256, in base64. White space, member order, escapes and the spelling of numbers do not count; a
 * number counts exactly, whatever its length and its exponent, and is never written out.
 */
final class BodyHash {

    private static final byte[] ZERO = scalar('n', "0");

    private final JsonParser parser;

    private BodyHash(JsonParser parser) {
        this.parser = parser;
    }

    /** @param text that {@link Json#read} has taken */
    static String of(String text) {
        return without("", text);
    }

    /** As {@link #of}, of an object without that member. */
    static String without(String member, String text) {
        try (JsonParser parser = Json.parser(text)) {
            JsonToken first = parser.nextToken();
            BodyHash hash = new BodyHash(parser);
            byte[] value = first == JsonToken.START_OBJECT && !member.isEmpty()
                    ? hash.object(member)
                    : hash.value(first);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256().digest(value));
        }
    }

    /** No value's bytes begin another's, so that values in a row are told apart. */
    private byte[] value(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> scalar('s', parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
            case VALUE_TRUE -> scalar('t', "");
            case VALUE_FALSE -> scalar('f', "");
            case VALUE_NULL -> scalar('0', "");
            default -> throw new IllegalStateException("no JSON value begins with " + token);
        };
    }

    private byte[] object() {
        return structure('o', digestOf(members()));
    }

    private byte[] object(String without) {
        Map<String, byte[]> members = members();
        members.remove(without);
        return structure('o', digestOf(members));
    }

    private Map<String, byte[]> members() {
        Map<String, byte[]> members = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(parser.nextToken()));
        }
        return members;
    }

    private static MessageDigest digestOf(Map<String, byte[]> members) {
        MessageDigest digest = sha256();
        members.forEach((name, value) -> {
            digest.update(scalar('s', name));
            digest.update(value);
        });
        return digest;
    }

    private byte[] array() {
        MessageDigest digest = sha256();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            digest.update(value(token));
        }
        return structure('a', digest);
    }

    private static byte[] structure(char kind, MessageDigest content) {
        byte[] hash = content.digest();
        return ByteBuffer.allocate(1 + hash.length).put((byte) kind).put(hash).array();
    }

    /** In UTF-16, which can also hold half a surrogate pair. */
    private static byte[] scalar(char kind, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(1 + Integer.BYTES + Character.BYTES * text.length()).put((byte) kind)
                .putInt(text.length());
        bytes.asCharBuffer().put(text);
        return bytes.array();
    }

    /** As digits that neither begin nor end with 0, and the power of ten they are multiplied with. */
    private static byte[] number(String text) {
        boolean negative = text.startsWith("-");
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        String mantissa = text.substring(negative ? 1 : 0, e < 0 ? text.length() : e);
        int point = mantissa.indexOf('.');
        String digits = withoutLeadingZeros(mantissa.replace(".", ""));
        if (digits.isEmpty()) {
            return ZERO;
        }
        int to = digits.length();
        while (digits.charAt(to - 1) == '0') {
            to--;
        }
        int shift = digits.length() - to - (point < 0 ? 0 : mantissa.length() - 1 - point);
        return scalar('n', (negative ? "-" : "") + digits.substring(0, to) + "e"
                + sum(e < 0 ? "0" : text.substring(e + 1), shift));
    }

    /** In decimal digits: to read a quarter of a million of them as a number, and write it again, takes seconds. */
    private static String sum(String exponent, int shift) {
        boolean negative = exponent.startsWith("-");
        String magnitude = withoutLeadingZeros(exponent.replaceFirst("^[+-]", ""));
        if (magnitude.length() < 18) {
            return Long.toString(Long.parseLong((negative ? "-0" : "0") + magnitude) + shift);
        }
        char[] digits = magnitude.toCharArray();
        int carry = negative ? -shift : shift;
        for (int i = digits.length - 1; i >= 0 && carry != 0; i--) {
            int digit = digits[i] - '0' + carry;
            digits[i] = (char) ('0' + Math.floorMod(digit, 10));
            carry = Math.floorDiv(digit, 10);
        }
        return (negative ? "-" : "") + withoutLeadingZeros(carry + new String(digits));
    }

    private static String withoutLeadingZeros(String digits) {
        int from = 0;
        while (from < digits.length() && digits.charAt(from) == '0') {
            from++;
        }
        return digits.substring(from);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
