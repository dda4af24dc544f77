package io.taskscheduler.domain;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where webhooks may go: to public addresses, to the networks that the operator opened, on ports that are not blocked, and, where hosts are
 * listed, to those only. Link-local addresses, with them the metadata and the credentials that AWS serves there, the unspecified, multicast
 * and broadcast addresses are closed whatever was opened.
 *
 * <p>What can be told from a URL alone is judged by {@link #problemOf(URI)}. A name says nothing about its addresses: these are judged one by
 * one by {@link #problemOf(InetAddress)} when it is called, and it is on the caller of it to connect to nothing else.
 *
 * @param opened networks that are not public
 * @param hosts  in lower case, {@code *.} before a name for all below it; when empty any host is allowed
 */
public record Destinations(List<Network> opened, Set<String> hosts, Set<Integer> blockedPorts) {

    private static final Pattern HOST = Pattern.compile("(?:\\*\\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+]");
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int HIGHEST_PORT = 65_535;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    /** RFC 1035, 2.3.4, as written with dots: what no resolver can ask for. */
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    public Destinations {
        opened = List.copyOf(opened);
        hosts = Collections.unmodifiableSet(new TreeSet<>(hosts));
        blockedPorts = Set.copyOf(blockedPorts);
    }

    /**
     * Reads settings; each may be empty. A setting that cannot be read is refused with an {@link IllegalArgumentException} that says what it should
     * look like: a rule that was meant is never dropped.
     *
     * @param openedNetworks CIDR blocks, separated by commas
     * @param allowedHosts   names, {@code *.} before one for all below it, separated by commas; when empty all names are allowed
     * @param blockedPorts   separated by commas
     */
    public static Destinations of(String openedNetworks, String allowedHosts, String blockedPorts) {
        List<Network> opened = new ArrayList<>();
        for (String text : entries(openedNetworks)) {
            opened.add(Network.parse(text).orElseThrow(
                    () -> new IllegalArgumentException("is not a CIDR block like 10.0.0.0/8 or fd00::/8: " + text)));
        }
        Set<String> hosts = new TreeSet<>();
        for (String text : entries(allowedHosts)) {
            hosts.add(host(text.toLowerCase(Locale.ROOT)));
        }
        Set<Integer> ports = new TreeSet<>();
        for (String text : entries(blockedPorts)) {
            ports.add(port(text));
        }
        return new Destinations(opened, hosts, ports);
    }

    /** What is wrong with a URL that has a host, whatever its name leads to; empty when nothing is. To stand after "payload.url". */
    public Optional<String> problemOf(URI url) {
        String host = url.getHost();
        if (!SCHEMES.contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT))) {
            return Optional.of("must be absolute, with http or https");
        }
        int port = url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? HTTPS : HTTP;
        if (host.indexOf('%') >= 0) {
            return Optional.of("must not name a network interface (%...)");
        }
        if (Literals.isOddNumber(host)) {
            return Optional.of("must write an IPv4 address as four decimal numbers without leading zeros");
        }
        if (isTooLong(host)) {
            return Optional.of("must name a host of at most " + LONGEST_NAME + " characters, with at most "
                    + LONGEST_LABEL + " between two dots");
        }
        if (blockedPorts.contains(port)) {
            return Optional.of("must not use port " + port + ": it belongs to another protocol");
        }
        if (!isAllowed(host)) {
            return Optional.of("must go to a host that is allowed here: " + String.join(", ", hosts));
        }
        return Literals.read(host).flatMap(this::problemOf)
                .map(problem -> "must lead to a public address: " + problem);
    }

    /** Why no webhook may go to the address; empty when one may. */
    public Optional<String> problemOf(InetAddress address) {
        return ClosedNetworks.around(address).stream()
                .filter(closure -> closure.closed().forEver()
                        || opened.stream().noneMatch(network -> network.contains(closure.form())))
                .findFirst().map(ClosedNetworks.Closure::closed)
                .map(closed -> address.getHostAddress() + " is " + closed.what() + " (" + closed.network() + ")");
    }

    private boolean isAllowed(String host) {
        String name = withoutRoot(host.toLowerCase(Locale.ROOT));
        return hosts.isEmpty() || hosts.contains(name) || hosts.stream()
                .anyMatch(pattern -> pattern.startsWith("*.") && name.endsWith(pattern.substring(1)));
    }

    private static boolean isTooLong(String host) {
        boolean tooLong = withoutRoot(host).length() > LONGEST_NAME;
        for (String label : host.split("\\.", -1)) {
            tooLong |= label.length() > LONGEST_LABEL;
        }
        return tooLong;
    }

    private static String withoutRoot(String host) {
        return host.replaceFirst("\\.$", "");
    }

    private static List<String> entries(String list) {
        List<String> entries = new ArrayList<>();
        for (String text : list.split(",", -1)) {
            if (!text.isBlank()) {
                entries.add(text.strip());
            }
        }
        return entries;
    }

    private static String host(String text) {
        if (!HOST.matcher(text).matches()) {
            throw new IllegalArgumentException("is not a host like hooks.example.com or *.example.com: " + text);
        }
        return text;
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > HIGHEST_PORT) {
            throw new IllegalArgumentException("is not a port: " + text);
        }
        return Integer.parseInt(text);
    }
}
