package io.taskscheduler.domain;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of addresses, as CIDR writes it: {@code 10.0.0.0/8}, {@code fd00::/8}.
 *
 * @param first  the address before the slash; what stands behind the prefix in it does not count
 * @param length of the prefix, in bits
 */
public record Network(InetAddress first, int length) {

    private static final Pattern CIDR = Pattern.compile("([0-9a-fA-F.:]+)/(0|[1-9][0-9]{0,2})");

    /** Empty when the text is no such block: a literal address, a slash and a length. */
    static Optional<Network> parse(String text) {
        var cidr = CIDR.matcher(text);
        if (!cidr.matches()) {
            return Optional.empty();
        }
        try {
            InetAddress first = InetAddress.ofLiteral(cidr.group(1));
            int length = Integer.parseInt(cidr.group(2));
            boolean spelt = first.getAddress().length == 16 || Literals.isDottedQuad(cidr.group(1));
            return spelt && length <= first.getAddress().length * Byte.SIZE
                    ? Optional.of(new Network(first, length))
                    : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    static Network of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a block of addresses: " + text));
    }

    /** An IPv4 address is in no IPv6 block, nor the other way round. */
    public boolean contains(InetAddress address) {
        byte[] bits = address.getAddress();
        byte[] prefix = first.getAddress();
        if (bits.length != prefix.length) {
            return false;
        }
        int whole = length / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (bits[i] != prefix[i]) {
                return false;
            }
        }
        int rest = length % Byte.SIZE;
        return rest == 0 || (bits[whole] ^ prefix[whole]) >> (Byte.SIZE - rest) == 0;
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + length;
    }
}
