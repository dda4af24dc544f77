package io.taskscheduler.contract;

import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.app.port.Actions;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.RawReceiver;
import io.taskscheduler.fixture.Tasks;
import java.io.IOException;
import java.net.URI;

class WebhookActionsContractTest extends ActionsContract {

    private final Actions actions = Webhooks.actions(new ManualClock(Tasks.RUN_AT.plusMillis(20)));

    @Override
    World answering(int status, String body) throws IOException {
        return new Receiving(RawReceiver
                .answering("HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
    }

    @Override
    World failing(Trouble trouble) throws IOException {
        return new Receiving(switch (trouble) {
            case SILENT -> new RawReceiver(caller -> caller.getInputStream().readAllBytes());
            case CLOSES -> RawReceiver.answering("");
            case NOT_HTTP -> RawReceiver.answering("HTTP/1.1 200 OK\r\nno header\r\n\r\n");
            case NOBODY_THERE -> closed();
        });
    }

    private static RawReceiver closed() throws IOException {
        RawReceiver receiver = RawReceiver.answering("");
        receiver.close();
        return receiver;
    }

    private final class Receiving implements World {

        private final RawReceiver receiver;

        Receiving(RawReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public Actions actions() {
            return actions;
        }

        @Override
        public URI url() {
            return receiver.url("/hook");
        }

        @Override
        public int requests() {
            return receiver.requests().size();
        }

        @Override
        public void close() {
            receiver.close();
        }
    }
}
