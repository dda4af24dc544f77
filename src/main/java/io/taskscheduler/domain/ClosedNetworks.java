package io.taskscheduler.domain;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that are not public: IANA's registries of special-purpose addresses (iana-ipv4-special-registry, iana-ipv6-special-registry),
 * multicast, and what AWS keeps to itself. Of IPv6 only the global unicast block and NAT64 are open, so that what is given a meaning later is
 * closed until somebody opens it here. An address that carries an IPv4 address inside is judged by both.
 */
final class ClosedNetworks {

    /**
     * A block that is closed.
     *
     * @param what    what its addresses are, to stand after "is"
     * @param forEver whether no setting opens it
     */
    record Closed(Network network, String what, boolean forEver) {}

    private static final List<Closed> ALL = List.of(
            forEver("0.0.0.0/8", "unspecified"),
            closed("10.0.0.0/8", "private"),
            closed("100.64.0.0/10", "of a carrier's own network"),
            closed("127.0.0.0/8", "loopback"),
            // Metadata of EC2 and credentials of ECS and EKS are here.
            forEver("169.254.0.0/16", "link-local"),
            closed("172.16.0.0/12", "private"),
            closed("192.0.0.0/24", "reserved for protocols"),
            closed("192.0.2.0/24", "for documentation"),
            closed("192.88.99.0/24", "a 6to4 relay"),
            closed("192.168.0.0/16", "private"),
            closed("198.18.0.0/15", "for benchmarks"),
            closed("198.51.100.0/24", "for documentation"),
            closed("203.0.113.0/24", "for documentation"),
            forEver("224.0.0.0/4", "multicast"),
            forEver("255.255.255.255/32", "broadcast"),
            closed("240.0.0.0/4", "reserved"),
            forEver("::/128", "unspecified"),
            closed("::1/128", "loopback"),
            // The same services of AWS, over IPv6.
            forEver("fd00:ec2::/32", "AWS's own"),
            forEver("fe80::/10", "link-local"),
            forEver("ff00::/8", "multicast"),
            closed("fc00::/7", "private"),
            closed("2001::/32", "Teredo"),
            closed("2001::/23", "reserved for protocols"),
            closed("2001:db8::/32", "for documentation"),
            closed("2002::/16", "6to4"),
            closed("3fff::/20", "for documentation"));

    private static final Network NAT64 = Network.of("64:ff9b::/96");
    private static final Network GLOBAL_UNICAST = Network.of("2000::/3");
    private static final Closed REST = new Closed(Network.of("::/0"), "not of the public part of IPv6", false);
    private static final Network LOW = Network.of("::/104");

    /**
     * A block of IPv6 addresses that carry an IPv4 address.
     *
     * @param at       its first byte
     * @param inverted whether each of its bits is
     */
    private record Carrier(Network network, int at, boolean inverted) {

        private Optional<InetAddress> inside(InetAddress address) {
            if (!network.contains(address)) {
                return Optional.empty();
            }
            byte[] inside = Arrays.copyOfRange(address.getAddress(), at, at + 4);
            for (int i = 0; inverted && i < inside.length; i++) {
                inside[i] = (byte) ~inside[i];
            }
            return Optional.of(address(inside));
        }
    }

    private static final List<Carrier> CARRIERS = List.of(new Carrier(NAT64, 12, false),
            new Carrier(Network.of("2002::/16"), 2, false),
            new Carrier(Network.of("::ffff:0:0:0/96"), 12, false),
            // IPv4-compatible, but for the first of them: :: and ::1 are addresses of their own.
            new Carrier(Network.of("::/96"), 12, false),
            // NAT64 for local use, as far as its prefix has 96 bits (RFC 8215).
            new Carrier(Network.of("64:ff9b:1::/48"), 12, false),
            // Teredo: the server's, and the client's with each bit inverted (RFC 4380, 4).
            new Carrier(Network.of("2001::/32"), 4, false), new Carrier(Network.of("2001::/32"), 12, true));

    private ClosedNetworks() {}

    /**
     * What keeps an address from being public.
     *
     * @param form the address, or one that it carries
     */
    record Closure(InetAddress form, Closed closed) {}

    /** Why the address is not public: nothing when it is. */
    static List<Closure> around(InetAddress address) {
        List<Closure> closures = new ArrayList<>();
        for (InetAddress form : forms(address)) {
            ofItself(form).ifPresent(closed -> closures.add(new Closure(form, closed)));
        }
        return closures;
    }

    private static Optional<Closed> ofItself(InetAddress form) {
        Optional<Closed> listed = ALL.stream().filter(closed -> closed.network().contains(form)).findFirst();
        boolean open = form instanceof Inet4Address || GLOBAL_UNICAST.contains(form) || NAT64.contains(form);
        return listed.isPresent() || open ? listed : Optional.of(REST);
    }

    /** The address, and the IPv4 addresses within it. */
    private static List<InetAddress> forms(InetAddress address) {
        List<InetAddress> forms = new ArrayList<>(List.of(address));
        if (!LOW.contains(address)) {
            CARRIERS.forEach(carrier -> carrier.inside(address).ifPresent(forms::add));
            isatap(address).ifPresent(forms::add);
        }
        return forms;
    }

    /** Told by its interface identifier, whatever network it is in (RFC 5214, 6.1). */
    private static Optional<InetAddress> isatap(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isOne = bytes.length == 16 && (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e
                && bytes[11] == (byte) 0xfe;
        return isOne ? Optional.of(address(Arrays.copyOfRange(bytes, 12, 16))) : Optional.empty();
    }

    private static Closed closed(String network, String what) {
        return new Closed(Network.of(network), what, false);
    }

    private static Closed forEver(String network, String what) {
        return new Closed(Network.of(network), what, true);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        }
    }
}
