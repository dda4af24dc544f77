package io.taskscheduler.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.lambda.AsyncEvents;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.scheduler.Invocation;
import io.taskscheduler.local.scheduler.TargetFailure;
import io.taskscheduler.local.sqs.Queues;
import io.taskscheduler.local.sqs.SqsServer;
import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.Template;

class LocalTargetsIT {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String QUEUE = "arn:aws:sqs:us-east-1:123456789012:FailedQueue";

    private final VirtualClock clock = new VirtualClock(() -> NOON);
    private final Agenda agenda = new Agenda(clock);
    private final SqsServer server;
    private final Queues queues;
    private final LocalTargets targets;

    LocalTargetsIT() throws IOException {
        server = SqsServer.start(new SqsServer.Options("127.0.0.1", 0, "us-east-1", "123456789012", Optional.empty()),
                clock);
        queues = Queues.create(server.endpoint(), "us-east-1", QueueResource
                .of(Template.parse(SampleTemplate.text()).stack(Account.local(server.endpoint().toString()),
                        Map.of())));
        targets = new LocalTargets(
                new Functions(List.of(), agenda, clock, AsyncEvents.inMemory(), LocalTargets.destinations(queues)),
                queues);
    }

    @AfterEach
    void end() {
        queues.close();
        server.close();
        agenda.close();
    }

    @Test
    void a_queue_of_the_template_is_a_target() throws TargetFailure {
        targets.invoke(invocation(QUEUE));

        assertThat(bodies()).containsExactly("{}");
    }

    @Test
    void an_event_given_up_reaches_its_dead_letter_queue() throws TargetFailure {
        targets.deadLetter(QUEUE, "given up", Map.of("ERROR_CODE", "x"));

        assertThat(bodies()).containsExactly("given up");
    }

    @Test
    void what_the_template_does_not_have_is_refused_for_good() {
        assertThatThrownBy(() -> targets.invoke(invocation("arn:aws:lambda:us-east-1:123456789012:function:Nobody")))
                .isInstanceOfSatisfying(TargetFailure.class, failure -> {
                    assertThat(failure.errorCode()).isEqualTo("ResourceNotFoundException");
                    assertThat(failure.retryable()).isFalse();
                });
    }

    private List<String> bodies() {
        return queues.client().receiveMessage(r -> r.queueUrl(server.endpoint() + "/123456789012/FailedQueue"))
                .messages().stream()
                .map(message -> message.body()).toList();
    }

    private static Invocation invocation(String target) {
        return new Invocation("arn:schedule", target, "{}", Optional.empty(), NOON, "id", 1);
    }
}
