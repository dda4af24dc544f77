package io.taskscheduler.local.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.function.Consumer;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.Move;
import io.taskscheduler.local.clock.VirtualClock;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /_local/clock}: shows the virtual clock and moves it. */
final class ClockControl {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EXPECTED = "send exactly one of {\"advance\": \"P3D\"}, {\"set\": \"2027-05-17T15:00:00Z\"}"
            + " and {\"reset\": true}";

    private final VirtualClock clock;
    private final Agenda agenda;
    private final Consumer<Duration> offsets;

    /**
     * @param offsets
     *            told each offset before the clock has it: who restarts in the middle of a move finds the clock at its end,
     *            and what was due on the way fires then
     */
    ClockControl(VirtualClock clock, Agenda agenda, Consumer<Duration> offsets) {
        this.clock = clock;
        this.agenda = agenda;
        this.offsets = offsets;
    }

    Reply show() {
        ObjectNode view = JSON.createObjectNode();
        view.put("now", clock.instant().toString()).put("offset", clock.offset().toString());
        return Reply.json(200, view);
    }

    Reply move(byte[] body) throws InterruptedException {
        ObjectNode order = Input.object(body, Set.of("advance", "set", "reset"), EXPECTED);
        if (order.size() != 1) {
            throw new BadInput(EXPECTED);
        }
        if (order.has("reset")) {
            return reset(order.path("reset"));
        }
        Instant now = clock.instant();
        Instant target = order.has("advance") ? advanced(now, order.path("advance")) : instant(order.path("set"));
        if (target.isBefore(now)) {
            throw new BadInput(
                    "it is " + now + " and the clock goes forward only; {\"reset\": true} returns to the real time");
        }
        try {
            offsets.accept(clock.offset().plus(Duration.between(now, target)));
            // By, not to: time has passed since now, and an advance by next to nothing would lie before it.
            Move move = order.has("advance")
                    ? agenda.advanceBy(Duration.between(now, target))
                    : agenda.advanceTo(target);
            return moved(move.now(), move.fired());
        } catch (IllegalArgumentException outOfRange) {
            throw new BadInput(String.valueOf(outOfRange.getMessage()));
        } finally {
            offsets.accept(clock.offset());
        }
    }

    private Reply reset(JsonNode value) throws InterruptedException {
        if (!value.isBoolean() || !value.booleanValue()) {
            throw new BadInput("reset must be true: " + EXPECTED);
        }
        Instant now = agenda.reset();
        offsets.accept(clock.offset());
        return moved(now, 0);
    }

    private static Reply moved(Instant now, long fired) {
        return Reply.json(200, JSON.createObjectNode().put("now", now.toString()).put("fired", fired));
    }

    private static Instant advanced(Instant now, JsonNode value) {
        try {
            return now.plus(duration(value.asString("")));
        } catch (DateTimeException | ArithmeticException e) {
            throw new BadInput(
                    "advance must be an ISO 8601 duration of weeks, days, hours, minutes and seconds such as P3D or"
                            + " PT1H30M, not " + value);
        }
    }

    private static Duration duration(String text) {
        return text.matches("P[0-9]{1,6}W")
                ? Duration.ofDays(7 * Long.parseLong(text.substring(1, text.length() - 1)))
                : Duration.parse(text);
    }

    private static Instant instant(JsonNode value) {
        try {
            return OffsetDateTime.parse(value.asString("")).toInstant();
        } catch (DateTimeException e) {
            throw new BadInput("set must be a time with its offset such as 2027-05-17T15:00:00Z, not " + value);
        }
    }
}
