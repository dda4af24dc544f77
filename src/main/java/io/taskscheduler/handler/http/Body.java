package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Takes the JSON text out of a request, or says why there is none: too large, not declared as JSON, not UTF-8, empty. */
final class Body {

    /** Source: the API's contract; EventBridge Scheduler and DynamoDB hold no more either. */
    static final int MOST_BYTES = 256 * 1_024;

    private static final Pattern JSON_TYPE = Pattern.compile("application/(?:[a-z0-9!#$&^_.+-]+\\+)?json");
    private static final Pattern UTF_8_PARAMETER = Pattern.compile("charset\\s*=\\s*\"?utf-?8\"?");

    private Body() {}

    /** What a request carries. */
    sealed interface Content {

        record Text(String text) implements Content {}

        record Refused(Problem problem) implements Content {}
    }

    static Content of(APIGatewayV2HTTPEvent event) {
        return of(event, MOST_BYTES);
    }

    static Content of(APIGatewayV2HTTPEvent event, int most) {
        byte[] bytes = bytes(event);
        if (bytes.length > most) {
            return new Content.Refused(Problem.tooLarge(most));
        }
        if (bytes.length == 0) {
            return new Content.Refused(Problem.malformed("The body is empty; it must be a JSON object."));
        }
        String type = header(event, "content-type").orElse("");
        if (!isJson(type)) {
            return new Content.Refused(Problem.notJson(type));
        }
        try {
            return new Content.Text(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return new Content.Refused(Problem.malformed("The body is not valid UTF-8."));
        }
    }

    /** Whether nothing is asked for in it. */
    static boolean isEmptyOrEmptyObject(APIGatewayV2HTTPEvent event) {
        String text = new String(bytes(event), StandardCharsets.UTF_8);
        return text.isBlank() || text.strip().matches("\\{\\s*}");
    }

    static Optional<String> header(APIGatewayV2HTTPEvent event, String name) {
        Map<String, String> headers = event.getHeaders();
        return headers == null
                ? Optional.empty()
                : headers.entrySet().stream().filter(h -> h.getKey().equalsIgnoreCase(name)).map(Map.Entry::getValue)
                        .findFirst();
    }

    private static byte[] bytes(APIGatewayV2HTTPEvent event) {
        String body = event.getBody();
        if (body == null) {
            return new byte[0];
        }
        return event.getIsBase64Encoded() ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isJson(String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        if (!JSON_TYPE.matcher(parts[0].strip()).matches()) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset") && !UTF_8_PARAMETER.matcher(parameter).matches()) {
                return false;
            }
        }
        return true;
    }
}
