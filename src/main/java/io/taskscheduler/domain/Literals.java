package io.taskscheduler.domain;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses that stand in a URL in place of a name. */
final class Literals {

    private static final String OCTET = "(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    private static final Pattern DOTTED_QUAD = Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET);
    // What some resolver takes for an IPv4 address, in whatever spelling (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    private Literals() {}

    /** Whether it is an IPv4 address in the one spelling that everybody reads alike. */
    static boolean isDottedQuad(String host) {
        return DOTTED_QUAD.matcher(host).matches();
    }

    /** Whether it is a number that is not such an address: short, octal, hexadecimal, too large, or with a dot at its end. */
    static boolean isOddNumber(String host) {
        return ENDS_IN_A_NUMBER.matcher(host).matches() && !isDottedQuad(host);
    }

    /** Empty for a name. */
    static Optional<InetAddress> read(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return bracketed || isDottedQuad(host)
                ? Optional.of(InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host))
                : Optional.empty();
    }
}
