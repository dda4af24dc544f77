package io.taskscheduler.fuzz;

import static io.taskscheduler.fuzz.FuzzTarget.promise;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.app.ListTasks.Filter;
import io.taskscheduler.app.ListTasks.Status;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.handler.http.EntityTag;
import io.taskscheduler.handler.http.ListRequest;
import io.taskscheduler.handler.http.PageTokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Any text as a page's token, as a list's parameters and as a tag: nobody but us makes a token. */
public final class TokenFuzz {

    private static final PageTokens TOKENS = new PageTokens("key".getBytes(StandardCharsets.UTF_8));
    private static final Filter FILTER = new Filter(Status.OPEN, Tasks.CREATED, Tasks.RUN_AT, Optional.empty(),
            Map.of());
    private static final String GENUINE = TOKENS.write(FILTER,
            new Position(Tasks.RUN_AT, Map.of(0, "01JD5ZK6E0R9W1V8M3Q7T2X4YB", 15, "x")));

    private TokenFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        forged(text);
        forged(Base64.getUrlEncoder().withoutPadding().encodeToString(input));
        mixed(input);
        EntityTag.precondition(Optional.of(text), Optional.empty(), new ArrayList<>());
        EntityTag.precondition(Optional.empty(), Optional.of(text), new ArrayList<>());
        EntityTag.isKnown(Optional.of(text), Tasks.scheduled());
        ListRequest.read(listed(text), TOKENS);
    }

    /** The genuine one with some bytes exchanged. */
    private static void mixed(byte[] input) {
        byte[] bytes = Base64.getUrlDecoder().decode(GENUINE);
        for (int i = 0; i + 1 < input.length; i += 2) {
            bytes[(input[i] & 0xff) % bytes.length] ^= input[i + 1];
        }
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        boolean same = token.equals(GENUINE);
        promise(same == TOKENS.read(FILTER, token).isPresent(), "a forged token was accepted: " + token);
    }

    private static void forged(String text) {
        promise(text.equals(GENUINE) || TOKENS.read(FILTER, text).isEmpty(), "a forged token was accepted: " + text);
    }

    private static APIGatewayV2HTTPEvent listed(String text) {
        String[] parts = text.split("[=&]", 6);
        String name = parts[0];
        String value = parts.length > 1 ? parts[1] : "";
        return APIGatewayV2HTTPEvent.builder().withRawQueryString(text)
                .withQueryStringParameters(
                        Map.of("status", "open", "page_token", text, "label." + name, value, name + "x", value))
                .build();
    }
}
