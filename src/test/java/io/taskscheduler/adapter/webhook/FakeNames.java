package io.taskscheduler.adapter.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * A resolver whose names lead where the test wants, each time elsewhere if need be. It follows chains of {@code CNAME}s as resolvers do, and knows
 * the names that it was told and literal addresses alone.
 */
final class FakeNames implements DnsResolver {

    private final Map<String, List<String>> rounds = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** @param answers to the first look-up, the second and so on, the last for good: addresses and {@code CNAME name}s, separated by commas */
    FakeNames with(String name, String... answers) {
        rounds.put(name, new ArrayList<>(List.of(answers)));
        return this;
    }

    /** The names that were looked up, literal addresses included. */
    List<String> asked() {
        return asked;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        asked.add(host);
        List<String> answers = rounds.get(host);
        if (answers == null) {
            if (host.matches("[0-9.]+|.*:.*")) {
                return InetAddress.getAllByName(host);
            }
            throw new UnknownHostException(host);
        }
        String answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        List<InetAddress> addresses = new ArrayList<>();
        for (String each : Stream.of(answer.split(",", -1)).map(String::strip).toList()) {
            if (!each.startsWith("CNAME ")) {
                addresses.add(InetAddress.ofLiteral(each));
            }
        }
        return addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
