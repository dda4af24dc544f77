package io.taskscheduler.local.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.ManualTime;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.lambda.AsyncEvents;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Stack;
import io.taskscheduler.local.template.Template;

class RecurringTimerTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final VirtualClock clock = new VirtualClock(new ManualTime(NOON));
    private final Agenda agenda = new Agenda(clock);
    private final Events work = new Events(clock);

    @AfterEach
    void end() {
        agenda.close();
    }

    @Test
    void it_fires_once_per_move_at_its_end_and_the_move_waits_for_what_that_sets_off() throws InterruptedException {
        start("");
        work.answer = event -> {
            agenda.at(clock.instant(), "set off", () -> work.seen.add("set off"));
            return "null";
        };

        agenda.advanceBy(Duration.ofHours(3));
        assertThat(work.events).hasSize(1);
        assertThat(work.seen).containsExactly("set off");
        agenda.advanceBy(Duration.ofSeconds(1));

        assertThat(work.events).extracting(event -> event.path("time").stringValue())
                .containsExactly("2026-11-21T15:00:00Z", "2026-11-21T15:00:01Z");
    }

    @Test
    void without_an_input_the_function_gets_eventbridge_schedulers_own_event() throws InterruptedException {
        start("");

        agenda.advanceBy(Duration.ofMinutes(1));

        assertThat(work.events).singleElement().satisfies(event -> {
            assertThat(event.path("source").stringValue()).isEqualTo("aws.scheduler");
            assertThat(event.path("detail-type").stringValue()).isEqualTo("Scheduled Event");
            assertThat(event.path("account").stringValue()).isEqualTo("123456789012");
            assertThat(event.path("region").stringValue()).isEqualTo("us-east-1");
            assertThat(event.at("/resources/0").stringValue())
                    .isEqualTo("arn:aws:scheduler:us-east-1:123456789012:schedule/default/WorkMinute");
        });
    }

    @Test
    void an_input_reaches_the_function_as_it_is() throws InterruptedException {
        start(", Input: '{\"some\": [\"thing\"]}'");

        agenda.advanceBy(Duration.ofMinutes(1));

        assertThat(work.events).extracting(Object::toString).containsExactly("{\"some\":[\"thing\"]}");
    }

    private void start(String more) {
        Stack stack = Template.parse("""
                Resources:
                  Work:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: work
                      Events: {Minute: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 minute)%s}}}
                """.formatted(more)).stack(Account.local("http://sqs"), Map.of());
        LocalFunction function = new LocalFunction(FunctionResource.of(stack).getFirst(), any -> work);
        Functions functions = new Functions(List.of(function), agenda, clock, AsyncEvents.inMemory(),
                (arn, body, attributes) -> {
                    throw new AssertionError(body);
                });
        new RecurringTimer((EventSourceResource.Timer) EventSourceResource.of(stack).getFirst(), function, functions,
                clock).start(agenda);
    }
}
