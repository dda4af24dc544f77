package io.taskscheduler.adapter.webhook;

import io.taskscheduler.domain.Destinations;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up, and gives only answers of which every address may be called. The client connects to what this gives and asks nobody else, so
 * that a name which leads elsewhere a moment later leads nowhere. Literal addresses come through here too.
 */
final class CheckedAddresses implements DnsResolver {

    private final Destinations destinations;
    private final DnsResolver names;

    /** @param names looks them up */
    CheckedAddresses(Destinations destinations, DnsResolver names) {
        this.destinations = destinations;
        this.names = names;
    }

    /** An answer holds an address that may not be called. A kind of {@code UnknownHostException} because the client expects no other. */
    static final class BlockedAddress extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        BlockedAddress(String message) {
            super(message);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = names.resolve(written(host));
        for (InetAddress address : addresses) {
            Optional<String> problem = destinations.problemOf(address);
            if (problem.isPresent()) {
                throw new BlockedAddress(host + " leads to an address that may not be called: " + problem.get());
            }
        }
        return addresses;
    }

    /** The client decodes xn-- names, and only those that it can encode again to the same; resolvers know them encoded. */
    private static String written(String host) {
        return host.chars().allMatch(c -> c < 128) ? host : IDN.toASCII(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
