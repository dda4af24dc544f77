package io.taskscheduler.local.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.taskscheduler.local.http.Endpoint;
import io.taskscheduler.local.http.Problem;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;

/**
 * The control API's word on faults: {@code PUT} tells all of them anew, {@code GET} shows what is left, {@code DELETE} takes
 * them back. A list with anything wrong in it is refused whole, with all that is wrong, and changes nothing.
 */
final class FaultControl implements Endpoint {
    private final Faults faults;
    private final Set<String> functions;

    FaultControl(Faults faults, Set<String> functions) {
        this.faults = faults;
        this.functions = functions;
    }

    @Override
    public Reply answer(Request request) {
        return switch (request.method()) {
            case "GET", "HEAD" -> Reply.json(200, faults.show());
            case "PUT" -> tell(request.body());
            case "DELETE" -> {
                replace(List.of());
                yield new Reply.Answer(204, Map.of(), new byte[0]);
            }
            default -> Problem.methodNotAllowed("GET, PUT, DELETE");
        };
    }

    private Reply tell(byte[] body) {
        FaultsReader reader = new FaultsReader(functions);
        List<Waiting> read = reader.read(body);
        if (!reader.violations().isEmpty()) {
            return Problem.invalid(reader.violations());
        }
        replace(read);
        return Reply.json(200, faults.show());
    }

    private void replace(List<Waiting> all) {
        try {
            faults.tell(all);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing can listen on 127.0.0.1", e);
        }
    }
}
