package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.app.port.Preflight.Address;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.HostileUrl;
import io.taskscheduler.fixture.HostileUrl.Verdict;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.RawReceiver;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.handler.http.TaskRequest;
import io.taskscheduler.handler.http.TaskRequest.Reading;
import io.taskscheduler.handler.http.TaskRules;
import io.taskscheduler.template.DeployedTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** No URL leads anywhere but to public addresses and what the operator opened, whatever it looks like and whatever its name says. */
class WhereWebhooksGoTest {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    /** As deployed by somebody who chose nothing. */
    private static final Destinations USUAL = Destinations.of("", "",
            DeployedTemplate.asWritten().parameter("WebhookBlockedPorts").path("Default").asString());

    private final FakeNames names = new FakeNames();

    static List<HostileUrl> refused() {
        return HostileUrl.all(Verdict.REFUSED);
    }

    static List<HostileUrl> blocked() {
        return HostileUrl.all(Verdict.BLOCKED);
    }

    static List<HostileUrl> called() {
        return HostileUrl.all(Verdict.CALLED);
    }

    @Test
    void there_are_as_many_hostile_urls_as_were_asked_for() {
        assertThat(refused().size() + blocked().size()).isGreaterThanOrEqualTo(120);
        assertThat(HostileUrl.all()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_the_url_itself_gives_away_is_refused_when_the_task_is_ordered(HostileUrl hostile) {
        assertThat(order(hostile.url(), USUAL)).isInstanceOfSatisfying(Reading.Refused.class,
                refused -> assertThat(refused.problem().violations()).extracting(Violation::member)
                        .containsExactly("payload.url"));
    }

    @ParameterizedTest
    @MethodSource("blocked")
    void a_name_that_leads_inside_fails_for_good_and_nobody_is_connected_to(HostileUrl hostile) {
        names.with(host(hostile), hostile.answers());
        Webhook webhook = webhook(accepted(hostile.url(), USUAL));

        assertThat(perform(webhook, USUAL)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.BLOCKED_ADDRESS);
            assertThat(failure.kind().isLasting()).isTrue();
            assertThat(failure.kind().mayHaveReachedReceiver()).isFalse();
        });
        assertThat(names.asked()).containsExactly(host(hostile));
    }

    @ParameterizedTest
    @MethodSource("called")
    void an_ordinary_url_is_called(HostileUrl ordinary) throws UnknownHostException {
        if (!ordinary.answers().isEmpty()) {
            names.with(host(ordinary), ordinary.answers());
        }
        Webhook webhook = webhook(accepted(ordinary.url(), USUAL));

        assertThat(new CheckedAddresses(USUAL, names).resolve(unbracketed(webhook.url().getHost()))).isNotEmpty();
    }

    @Test
    void the_address_that_was_judged_is_the_one_that_is_connected_to() throws IOException {
        InetAddress opened = InetAddress.ofLiteral("127.0.0.2");
        Destinations one = Destinations.of("127.0.0.2/32", "", "");
        try (RawReceiver outside = new RawReceiver(opened, 0, RawReceiver.text(OK));
                RawReceiver inside = new RawReceiver(InetAddress.ofLiteral("127.0.0.1"), outside.port(),
                        RawReceiver.text(OK))) {
            URI url = URI.create("http://rebinding.example:" + outside.port() + "/");
            names.with("rebinding.example", "127.0.0.2", "127.0.0.1", "127.0.0.2, 127.0.0.1", "127.0.0.2");

            assertThat(perform(to(url), one)).isInstanceOf(Response.class);
            assertThat(names.asked()).as("look-ups").hasSize(1);
            assertThat(kind(perform(to(url), one))).as("it leads inside now").isEqualTo(FailureKind.BLOCKED_ADDRESS);
            assertThat(kind(perform(to(url), one))).as("to both").isEqualTo(FailureKind.BLOCKED_ADDRESS);
            assertThat(perform(to(url), one)).as("back again").isInstanceOf(Response.class);

            assertThat(names.asked()).as("look-ups").hasSize(4);
            assertThat(outside.requests()).hasSize(2);
            assertThat(inside.requests()).as("what reached the address that is closed").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.20.0.0/16       | 10.20.30.40            | true
            10.20.0.0/16       | 10.21.0.1              | false
            10.0.0.0/8,fd00::/8 | fd12::1               | true
            fd00::/8           | fd00:ec2::254          | false
            0.0.0.0/0          | 169.254.169.254        | false
            0.0.0.0/0          | 192.168.1.1            | true
            0.0.0.0/0          | 0.0.0.0                | false
            0.0.0.0/0          | 0.1.2.3                | false
            0.0.0.0/0          | 224.0.0.1              | false
            0.0.0.0/0          | 255.255.255.255        | false
            ::/0               | fe80::1                | false
            ::/0               | ::                     | false
            ::/0               | ff02::1                | false
            ::/0               | fd00::1                | true
            ::/0               | 64:ff9b::a9fe:a9fe     | false
            ::/0,0.0.0.0/0     | 64:ff9b::a9fe:a9fe     | false
            ::/0,0.0.0.0/0     | 2002:a9fe:a9fe::       | false
            ::/0,0.0.0.0/0     | 64:ff9b::a00:1         | true
            10.0.0.0/8         | 64:ff9b::a00:1         | true
            64:ff9b::/96       | 64:ff9b::a00:1         | false
            2002::/16          | 2002:a00:1::1          | false
            2002::/16,10.0.0.0/8 | 2002:a00:1::1        | true
            169.254.0.0/16     | 169.254.169.254        | false
            64:ff9b:1::/48     | 64:ff9b:1::808:808     | true
            64:ff9b:1::/48     | 64:ff9b:1::a9fe:a9fe   | false
            64:ff9b:1::/48     | 64:ff9b:1::a00:1       | false
            127.0.0.0/8,::1/128 | 127.0.0.1             | true
            127.0.0.0/8,::1/128 | ::1                   | true
            127.0.0.0/8        | ::1                    | false
            127.0.0.0/8        | ::ffff:127.0.0.1       | true
            ' 10.0.0.0/8 , 192.168.0.0/16 ' | 192.168.3.4 | true
            10.20.30.0/25      | 10.20.30.127           | true
            10.20.30.0/25      | 10.20.30.128           | false
            ''                 | 8.8.8.8                | true
            """)
    void the_operator_opens_networks_but_never_what_the_cloud_keeps_there(String opened, String address,
            boolean callable) {
        Destinations destinations = Destinations.of(opened, "", "");
        names.with("name.example", address);

        assertThat(destinations.problemOf(InetAddress.ofLiteral(address)).isEmpty()).isEqualTo(callable);
        assertThat(preflight(destinations)).isEqualTo(callable
                ? new Address.Allowed(List.of(InetAddress.ofLiteral(address).getHostAddress()))
                : new Address.Blocked(List.of(InetAddress.ofLiteral(address).getHostAddress())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hooks.example.com               | https://hooks.example.com/a      | true
            hooks.example.com               | https://HOOKS.example.com:8443/a | true
            hooks.example.com               | https://hooks.example.com./a     | true
            Hooks.Example.com               | https://hooks.example.com/a      | true
            hooks.example.com               | https://example.com/a            | false
            hooks.example.com               | https://a.hooks.example.com/a    | false
            hooks.example.com               | https://hooks.example.com.evil.example/ | false
            hooks.example.com               | https://evilhooks.example.com/   | false
            *.example.com                   | https://a.b.example.com/         | true
            *.example.com                   | https://example.com/             | false
            *.example.com                   | https://evilexample.com/         | false
            *.example.com, example.com      | https://example.com/             | true
            8.8.8.8                         | https://8.8.8.8/                 | true
            8.8.8.8                         | https://8.8.4.4/                 | false
            [2606:4700:4700::1111]          | https://[2606:4700:4700::1111]/  | true
            """)
    void where_hosts_are_listed_no_other_is_called(String hosts, String url, boolean callable) {
        Destinations destinations = Destinations.of("", hosts, "");

        assertThat(order(url, destinations) instanceof Reading.Valid).isEqualTo(callable);
        if (!callable) {
            // A task that was ordered before the list was made.
            assertThat(kind(perform(to(URI.create(url)), destinations))).isEqualTo(FailureKind.BLOCKED_ADDRESS);
            assertThat(names.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gopher://127.0.0.1:70/", "ftp://127.0.0.1/", "file://127.0.0.1/etc/passwd"})
    void a_scheme_that_came_into_the_table_by_another_way_is_not_taken_for_http(String url) {
        assertThat(kind(perform(to(URI.create(url)), Webhooks.TO_THIS_MACHINE))).isEqualTo(FailureKind.BLOCKED_ADDRESS);
        assertThat(names.asked()).isEmpty();
    }

    @Test
    void a_list_of_hosts_opens_no_network() {
        names.with("hooks.example.com", "10.0.0.1");

        assertThat(kind(perform(to(URI.create("http://hooks.example.com/")),
                Destinations.of("", "hooks.example.com", "")))).isEqualTo(FailureKind.BLOCKED_ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "0x0a.0.0.0/8", "::/129",
            "localhost/8",
            "10.0.0.0/8;::/0", "10.0.0.0/-1", "10.0.0.0/08", "::ffff:10.0.0.0/104"})
    void a_network_that_cannot_be_read_is_refused_and_not_passed_over(String network) {
        assertThatThrownBy(() -> Destinations.of(network, "", "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(network.split(";", -1)[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com", "*", "*example.com", "a.*.example.com", "example.com/path",
            "example.com:443"})
    void a_host_that_cannot_be_one_is_refused_and_not_passed_over(String host) {
        assertThatThrownBy(() -> Destinations.of("", host, "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "-1", "65536", "123456", "80-90"})
    void a_port_that_cannot_be_one_is_refused_and_not_passed_over(String port) {
        assertThatThrownBy(() -> Destinations.of("", "", port)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(port);
    }

    @Test
    void the_usual_port_counts_as_well_when_the_url_does_not_say_it() {
        Destinations noTls = Destinations.of("", "", "443");

        assertThat(order("https://example.com/", noTls)).isInstanceOf(Reading.Refused.class);
        assertThat(order("HTTPS://example.com/", noTls)).isInstanceOf(Reading.Refused.class);
        assertThat(order("http://example.com/", noTls)).isInstanceOf(Reading.Valid.class);
    }

    @Test
    void a_name_server_that_does_not_answer_holds_nobody_else_up() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        DnsResolver slow = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                // As the operating system's look-up does, it keeps its thread.
                while (host.startsWith("slow") && !over.get() && System.nanoTime() < end) {
                    asked.set(true);
                    Thread.onSpinWait();
                }
                return new InetAddress[]{InetAddress.ofLiteral("127.0.0.1")};
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
        WebhookActions actions = new WebhookActions(Webhooks.settings(Webhooks.TO_THIS_MACHINE),
                Webhooks.secrets(Map.of()), new ManualClock(Tasks.RUN_AT), slow);
        try (RawReceiver receiver = RawReceiver.answering(OK);
                ExecutorService batch = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AttemptResult>> held = new ArrayList<>();
            for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
                Webhook slowly = to(URI.create("http://slow-" + i + ".example:" + receiver.port() + "/"));
                held.add(batch.submit(() -> actions.perform(attempt(slowly))));
            }
            while (!asked.get()) {
                Thread.onSpinWait();
            }
            Webhook quick = to(URI.create("http://quick.example:" + receiver.port() + "/"));

            assertThat(batch.submit(() -> actions.perform(attempt(quick)))).succeedsWithin(Duration.ofSeconds(4))
                    .isInstanceOf(Response.class);
            assertThat(held).noneMatch(Future::isDone);
            over.set(true);
        }
    }

    private static Attempt attempt(Webhook webhook) {
        return new Attempt(Tasks.ID, webhook, 1, Tasks.RUN_AT, false, Optional.empty());
    }

    private Address preflight(Destinations destinations) {
        return new WebhookPreflight(destinations, names).address(to(URI.create("http://name.example/")));
    }

    private AttemptResult perform(Webhook webhook, Destinations destinations) {
        return new WebhookActions(Webhooks.settings(destinations), Webhooks.secrets(Map.of()),
                new ManualClock(Tasks.RUN_AT), names)
                .perform(attempt(webhook));
    }

    private static FailureKind kind(AttemptResult result) {
        return ((Failure) result).kind();
    }

    private static Reading order(String url, Destinations destinations) {
        String body = JsonMapper.shared().writeValueAsString(
                Map.of("action", "webhook", "delay", "PT1H", "payload", Map.of("url", url)));
        return TaskRequest.read(
                APIGatewayV2HTTPEvent.builder().withHeaders(Map.of("content-type", "application/json")).withBody(body)
                        .build(),
                new TaskRules(Precision.SECOND, destinations), Tasks.CREATED);
    }

    private static Order accepted(String url, Destinations destinations) {
        return switch (order(url, destinations)) {
            case Reading.Valid(Order order, var key) -> order;
            case Reading.Refused refused -> throw new AssertionError(url + " is refused: " + refused.problem());
        };
    }

    private static Webhook webhook(Order order) {
        return switch (order.action()) {
            case Webhook webhook -> webhook;
            case io.taskscheduler.domain.Unusable unusable -> throw new AssertionError(unusable);
        };
    }

    private static Webhook to(URI url) {
        return new Webhook(url, Webhook.Method.POST, Map.of(), Optional.of("{}"), Duration.ofSeconds(5));
    }

    private static String host(HostileUrl hostile) {
        return URI.create(hostile.url()).getHost();
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
