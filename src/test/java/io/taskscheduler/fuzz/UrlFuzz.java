package io.taskscheduler.fuzz;

import static io.taskscheduler.fuzz.FuzzTarget.promise;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.TaskRequest;
import java.net.IDN;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * Any text as the URL of a webhook: where it is accepted, the client connects to the host that was judged. The client shows a name in punycode decoded.
 */
public final class UrlFuzz {

    private UrlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws HttpException {
        String text = new String(input, StandardCharsets.UTF_8);
        String body = "{\"action\":\"webhook\",\"delay\":\"PT1H\",\"payload\":{\"url\":" + RequestFuzz.quoted(text)
                + "}}";
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withHeaders(Map.of("content-type", "application/json")).withBody(body).build();
        switch (TaskRequest.read(event, Precision.SECOND, Tasks.CREATED)) {
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
        HttpHost connected = RoutingSupport.determineHost(new HttpGet(url));
        promise(connected != null && IDN.toASCII(connected.getHostName()).equalsIgnoreCase(bare(url.getHost())),
                "judged " + url.getHost() + ", connected to " + connected);
        promise(connected.getPort() == url.getPort(), "judged port " + url.getPort() + ", connected to " + connected);
        String path = URI.create(written).getRawPath();
        promise(path == null || path.equals(url.getRawPath()), "another path: " + url);
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
