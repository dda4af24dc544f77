package io.taskscheduler.local.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything on the API's port: the control API and the inbox under {@code /_local}, and everywhere else the template's HTTP
 * API, which answers 503 until the local run is ready.
 */
public final class LocalApi implements Endpoint {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LOCAL = "/_local";
    private static final String INBOX = LOCAL + "/inbox/";
    private static final String ANSWERS = "/answers";
    /** This machine by an address, as localhost, or as containers call it. */
    private static final Pattern OWN_HOST = Pattern
            .compile("(?:localhost|host\\.docker\\.internal|[0-9.]+|\\[[0-9a-fA-F:.]+])?(?::[0-9]+)?");

    private final VirtualClock clock;
    private final ClockControl control;
    private final Inbox inbox;
    private final Endpoint issuer;
    private final AtomicReference<Optional<Ready>> ready = new AtomicReference<>(Optional.empty());

    private record Ready(Endpoint gateway, Health health, Endpoint faults) {}

    /**
     * @param issuer
     *            answers for the tokens of the local run
     */
    public LocalApi(VirtualClock clock, Agenda agenda, Consumer<Duration> offsets, Endpoint issuer) {
        this.clock = clock;
        this.control = new ClockControl(clock, agenda, offsets);
        this.inbox = new Inbox(clock, agenda);
        this.issuer = issuer;
    }

    /** From now on the API is answered, faults can be told, and health says ready. */
    public void ready(Endpoint gateway, Health health, Endpoint faults) {
        ready.set(Optional.of(new Ready(gateway, health, faults)));
    }

    /** The API is answered with 503 again: what it needs is about to end. */
    public void ending() {
        ready.set(Optional.empty());
    }

    @Override
    public Reply answer(Request request) throws InterruptedException {
        if (!request.rawPath().equals(LOCAL) && !request.rawPath().startsWith(LOCAL + "/")) {
            return ifReady(Ready::gateway, request);
        }
        if (!request.rawPath().startsWith(INBOX) && isFromAnotherSite(request)) {
            return Problem.forbidden("the control API is not for pages of other sites, nor under other names");
        }
        try {
            return local(request);
        } catch (BadInput e) {
            return Problem.badRequest(e.detail());
        }
    }

    /** A page that a developer opens must not move the clock, nor read the secrets, also not by a name that leads here. */
    private static boolean isFromAnotherSite(Request request) {
        String host = request.header("host").orElse("");
        Optional<String> origin = request.header("origin");
        return !OWN_HOST.matcher(host).matches()
                || !origin.orElse("http://" + host).equals("http://" + host);
    }

    private Reply local(Request request) throws InterruptedException {
        String path = request.rawPath();
        return switch (path) {
            case LOCAL + "/health" -> isRead(request) ? health() : Problem.methodNotAllowed("GET");
            case LOCAL + "/clock" -> switch (request.method()) {
                case "GET", "HEAD" -> control.show();
                case "POST" -> control.move(request.body());
                default -> Problem.methodNotAllowed("GET, POST");
            };
            case LOCAL + "/inbox" -> switch (request.method()) {
                case "GET", "HEAD" -> inbox.show(nameAsked(request));
                case "DELETE" -> inbox.empty();
                default -> Problem.methodNotAllowed("GET, DELETE");
            };
            case LOCAL + "/faults" -> ifReady(Ready::faults, request);
            default ->
                path.startsWith(INBOX) ? named(path.substring(INBOX.length()), request) : issuer.answer(request);
        };
    }

    private Reply ifReady(Function<Ready, Endpoint> endpoint, Request request) throws InterruptedException {
        Optional<Ready> now = ready.get();
        return now.isPresent()
                ? endpoint.apply(now.get()).answer(request)
                : Reply.message(503, "Service Unavailable");
    }

    private Reply named(String rest, Request request) throws InterruptedException {
        boolean answers = rest.endsWith(ANSWERS);
        String name = RouteTable.decoded(answers ? rest.substring(0, rest.length() - ANSWERS.length()) : rest);
        if (name.isEmpty() || name.contains("/")) {
            return Problem.unknownRoute(request.rawPath());
        }
        if (!answers) {
            return inbox.take(name, request);
        }
        return request.method().equals("PUT")
                ? inbox.tell(name, InboxAnswer.list(request.body()))
                : Problem.methodNotAllowed("PUT");
    }

    /** {@code name} is the only parameter there is. */
    private static Optional<String> nameAsked(Request request) {
        if (request.rawQuery().isEmpty()) {
            return Optional.empty();
        }
        if (!request.rawQuery().startsWith("name=") || request.rawQuery().contains("&")) {
            throw new BadInput("the only query parameter is ?name=");
        }
        return Optional.of(URLDecoder.decode(request.rawQuery().substring("name=".length()), StandardCharsets.UTF_8));
    }

    private Reply health() {
        ObjectNode view = JSON.createObjectNode();
        Optional<Ready> now = ready.get();
        view.put("status", now.isPresent() ? "ready" : "starting").put("now", clock.instant().toString());
        now.map(Ready::health).ifPresent(health -> {
            view.put("signing_secret", health.signingSecret());
            view.set("endpoints", JSON.valueToTree(health.endpoints()));
            view.putObject("resources").put("table", health.table()).put("schedule_group", health.scheduleGroup())
                    .set("queues", JSON.valueToTree(health.queueUrls()));
        });
        return Reply.json(now.isPresent() ? 200 : 503, view);
    }

    private static boolean isRead(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }
}
