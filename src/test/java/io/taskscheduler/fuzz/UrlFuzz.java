package io.taskscheduler.fuzz;

import static io.taskscheduler.fuzz.FuzzTarget.promise;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.TaskRequest;
import io.taskscheduler.handler.http.TaskRules;
import java.net.IDN;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * Any text as the URL of a webhook: where it is accepted, the client connects to the host that was judged. The client shows a name in punycode decoded.
 */
public final class UrlFuzz {

    private static final Destinations PUBLIC = Destinations.of("", "", "25");
    private static final Destinations OPENED = Destinations.of("0.0.0.0/0,::/0", "", "");

    private UrlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws HttpException {
        if (input.length == 4 || input.length == 16) {
            address(input);
        }
        settings(new String(input, StandardCharsets.UTF_8));
        String text = new String(input, StandardCharsets.UTF_8);
        String body = "{\"action\":\"webhook\",\"delay\":\"PT1H\",\"payload\":{\"url\":" + RequestFuzz.quoted(text)
                + "}}";
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withHeaders(Map.of("content-type", "application/json")).withBody(body).build();
        switch (TaskRequest.read(event, new TaskRules(Precision.SECOND, PUBLIC), Tasks.CREATED)) {
            case TaskRequest.Reading.Valid(Order order, var _) -> accepted(((Webhook) order.action()).url());
            case TaskRequest.Reading.Refused(Problem problem, var _) -> RequestFuzz.brief(problem);
        }
    }

    private static void accepted(URI url) throws HttpException {
        String written = url.toString();
        promise(List.of("http", "https").contains(url.getScheme().toLowerCase(Locale.ROOT)), "another scheme: " + url);
        promise(url.getRawUserInfo() == null, "a user: " + url);
        promise(written.chars().allMatch(c -> c > ' ' && c < 0x7f), "not visible ASCII: " + url);
        promise(!written.contains("\\"), "a backslash, which some take for a slash: " + url);
        for (Function<String, InetAddress> reader : List.<Function<String, InetAddress>>of(InetAddress::ofLiteral,
                Inet4Address::ofPosixLiteral)) {
            literal(url.getHost(), reader).ifPresent(address -> promise(PUBLIC.problemOf(address).isEmpty()
                    && literal(url.getHost(), InetAddress::ofLiteral).equals(Optional.of(address)),
                    "an address that is closed, or read in two ways: " + url));
        }
        HttpHost connected = RoutingSupport.determineHost(new HttpGet(url));
        promise(connected != null && IDN.toASCII(connected.getHostName()).equalsIgnoreCase(bare(url.getHost())),
                "judged " + url.getHost() + ", connected to " + connected);
        promise(connected.getPort() == url.getPort(), "judged port " + url.getPort() + ", connected to " + connected);
        String path = URI.create(written).getRawPath();
        promise(path == null || path.equals(url.getRawPath()), "another path: " + url);
    }

    /** What Java itself says of an address, against the table of closed ones. */
    private static void address(byte[] bytes) {
        InetAddress address;
        try {
            address = InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
        boolean never = address.isAnyLocalAddress() || address.isLinkLocalAddress() || address.isMulticastAddress();
        boolean inside = never || address.isLoopbackAddress() || address.isSiteLocalAddress();
        promise(!inside || PUBLIC.problemOf(address).isPresent(), "open: " + address);
        promise(!never || OPENED.problemOf(address).isPresent(), "opened: " + address);
        promise(OPENED.problemOf(address).isEmpty() || PUBLIC.problemOf(address).isPresent(),
                "closed by being opened: " + address);
    }

    /** A setting is read, or refused with a reason. */
    private static void settings(String text) {
        for (int i = 0; i < 3; i++) {
            try {
                Destinations.of(i == 0 ? text : "", i == 1 ? text : "", i == 2 ? text : "");
            } catch (IllegalArgumentException refused) {
                promise(String.valueOf(refused.getMessage()).startsWith("is not a"), "a refusal without a reason");
            }
        }
    }

    private static Optional<InetAddress> literal(String host, Function<String, InetAddress> reader) {
        try {
            return Optional.of(reader.apply(bare(host)));
        } catch (IllegalArgumentException aName) {
            return Optional.empty();
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
