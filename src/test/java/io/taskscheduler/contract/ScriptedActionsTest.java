package io.taskscheduler.contract;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.fake.ScriptedActions;
import io.taskscheduler.fixture.Tasks;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

class ScriptedActionsTest extends ActionsContract {

    private static final Instant STARTED_AT = Tasks.RUN_AT.plusMillis(20);

    @Override
    World answering(int status, String body) {
        return new Scripted(new Response(STARTED_AT, Duration.ofMillis(84), status, body, Optional.empty()), true);
    }

    @Override
    World failing(Trouble trouble) {
        return switch (trouble) {
            case SILENT -> failed(FailureKind.TIMEOUT, SHORT, true);
            case CLOSES -> failed(FailureKind.CONNECTION_CLOSED, Duration.ofMillis(5), true);
            case NOT_HTTP -> failed(FailureKind.INVALID_RESPONSE, Duration.ofMillis(5), true);
            case NOBODY_THERE -> failed(FailureKind.CONNECTION_REFUSED, Duration.ofMillis(1), false);
        };
    }

    private static World failed(FailureKind kind, Duration after, boolean arrives) {
        return new Scripted(new Failure(STARTED_AT, after, kind, "scripted"), arrives);
    }

    private static final class Scripted implements World {

        private final ScriptedActions actions;
        private final boolean arrives;

        Scripted(AttemptResult result, boolean arrives) {
            this.actions = new ScriptedActions(result);
            this.arrives = arrives;
        }

        @Override
        public Actions actions() {
            return actions;
        }

        @Override
        public URI url() {
            return Tasks.WEBHOOK.url();
        }

        @Override
        public int requests() {
            return arrives ? actions.performed().size() : 0;
        }

        @Override
        public void close() {}
    }
}
