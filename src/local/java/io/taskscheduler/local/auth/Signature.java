package io.taskscheduler.local.auth;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.taskscheduler.local.http.Request;

/**
 * Signature Version 4 of a request that has come, computed anew as
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html tells. The SDK's signer cannot be used for
 * it: it signs what it is about to send, with headers of its own, and not what another program has chosen to sign.
 *
 * @param signedHeaders
 *            names, in the order in which they were signed
 * @param time
 *            as {@code x-amz-date} has it
 * @param scope
 *            date, region and service
 */
record Signature(Request request, List<String> signedHeaders, String time, List<String> scope) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** In hexadecimal digits. */
    String by(String secret) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope) {
            key = hmac(key, part);
        }
        String toSign = String.join("\n", ALGORITHM, time, String.join("/", scope) + "/aws4_request",
                sha256(canonical().getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(hmac(hmac(key, "aws4_request"), toSign));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String canonical() {
        String headers = signedHeaders.stream()
                .map(name -> name + ":" + request.header(name).orElse("").strip().replaceAll(" +", " ") + "\n")
                .collect(Collectors.joining());
        return String.join("\n", request.method(), path(), query(), headers, String.join(";", signedHeaders),
                sha256(request.body()));
    }

    /** Encoded once more than it was sent, as for every service but S3. */
    private String path() {
        return Arrays.stream(request.rawPath().split("/", -1)).map(Signature::encoded).collect(Collectors.joining("/"));
    }

    private String query() {
        return Arrays.stream(request.rawQuery().split("&", -1)).filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .map(pair -> reencoded(pair[0]) + "=" + (pair.length == 2 ? reencoded(pair[1]) : "")).sorted()
                .collect(Collectors.joining("&"));
    }

    private static String reencoded(String raw) {
        return encoded(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
