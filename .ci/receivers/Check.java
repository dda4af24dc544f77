import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Asks the receiver of docs/webhooks.md about each line of the file: secret, id, timestamp, signature and body, each in base64. */
public final class Check {
    public static void main(String[] arguments) throws Exception {
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            List<byte[]> parts = Stream.of(line.split(" ", -1)).map(Base64.getDecoder()::decode).toList();
            List<String> texts = parts.stream().map(part -> new String(part, StandardCharsets.UTF_8)).toList();
            Map<String, List<String>> headers = Map.of("webhook-id", List.of(texts.get(1)), "webhook-timestamp", List.of(texts.get(2)),
                    "webhook-signature", List.of(texts.get(3)));
            System.out.println(new Receiver(texts.get(0)).isGenuine(headers, parts.get(4)));
        }
    }
}
