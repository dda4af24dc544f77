package io.taskscheduler.local.scheduler;

import static io.taskscheduler.fuzz.FuzzTarget.promise;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.handler.http.TaskRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Any text as a schedule's expression, a zone, a time, a delay: a time that comes out lies where it may, and is found again from itself. */
public final class TimeFuzz {

    private static final List<ZoneId> ZONES = List.of(ZoneId.of("UTC"), ZoneId.of("Europe/Rome"),
            ZoneId.of("Pacific/Apia"), ZoneId.of("Australia/Lord_Howe"));
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private TimeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        ZoneId zone = ZONES.get(input.length % ZONES.size());
        for (String form : List.of("%s", "at(%s)", "rate(%s)", "cron(%s)")) {
            expression(form.replace("%s", text), zone);
        }
        asked(Map.of("delay", text));
        asked(Map.of("run_at", text));
        asked(Map.of("run_at", text, "timezone", zone.getId()));
        asked(Map.of("run_at", "2027-06-01T10:00:00", "timezone", text));
        asked(Map.of("delay", "PT1H", "expires_at", text));
    }

    private static void expression(String text, ZoneId zone) {
        ScheduleExpression read;
        try {
            read = ScheduleExpression.parse(text, zone);
        } catch (Refusal expected) {
            return;
        }
        Instant from = Tasks.CREATED;
        Optional<Instant> first = read.firstFrom(from, from);
        first.ifPresent(at -> {
            promise(!at.isBefore(from), text + " fires in the past: " + at);
            promise(read.firstFrom(at, from).equals(first), text + " does not find its own time again: " + at);
        });
    }

    private static void asked(Map<String, String> times) {
        String members = MAPPER.writeValueAsString(times);
        String body = "{\"action\":\"webhook\",\"payload\":{\"url\":\"https://a.example\"}," + members.substring(1);
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withHeaders(Map.of("content-type", "application/json")).withBody(body).build();
        if (TaskRequest.read(event, Webhooks.RULES,
                Tasks.CREATED) instanceof TaskRequest.Reading.Valid(var order, var _)) {
            promise(!order.runAt().isBefore(Tasks.CREATED.minusSeconds(300)), "in the past: " + body);
            promise(order.runAt().isBefore(Tasks.CREATED.plusSeconds(5 * 366 * 86_400L)), "too far: " + body);
            promise(order.expiresAt().map(order.runAt()::isBefore).orElse(true), "expired before it runs: " + body);
        }
    }
}
