package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every journey at once, and then: who called what with which right, and what got about that should not. */
class EveryJourneyIT {

    private static final Pattern MARKED = Pattern.compile(MarkedJourneys.MARK + "[a-z]*");
    /** Names of classes, and how the SDK, AWS and the local AWS put what went wrong. */
    private static final Pattern INTERNAL = Pattern.compile(
            "[a-z]\\w*\\.[a-z]\\w*\\.[A-Z]\\w+|Exception|\\(Service: |Status Code|Request ID|told to fail|null pointer|Cannot invoke");

    private static final Pattern HIDDEN = Pattern.compile(
            "zq7(?:header|secret|authorization|token|cookie|agent|answerheader|location)(?![a-z])");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir
    private static @Nullable Path folder;
    private static @Nullable WrittenDown written;
    private static @Nullable RunningSystem system;
    private static @Nullable MarkedJourneys journeys;
    private static @Nullable Laboratory laboratory;
    private static String signingSecret = "";

    @BeforeAll
    static void runAll() throws Exception {
        Path project = requireNonNull(folder);
        String template = Files.readString(Path.of("template.yaml"));
        Files.writeString(project.resolve("template.yaml"), template.replaceFirst(
                "(\\n  WebhookCaBundle:\\n(?:    .*\\n)*?    Default: )\"\"", "$1ca"));
        assertThat(Files.readString(project.resolve("template.yaml"))).isNotEqualTo(template);
        Files.createSymbolicLink(project.resolve("target"), Path.of("target").toAbsolutePath());
        Map<String, String> secrets = new TreeMap<>(MarkedJourneys.SECRETS);
        secrets.put("task-scheduler/ca", someAuthority().replace("\n", "\\n"));
        Files.writeString(project.resolve("secrets.properties"), secrets.entrySet().stream()
                .map(secret -> secret.getKey() + "=" + secret.getValue()).collect(Collectors.joining("\n")));
        written = new WrittenDown();
        RunningSystem running = RunningSystem.start(Map.of("local.data", project.resolve("data").toString(),
                "local.secrets", project.resolve("secrets.properties").toString()), project);
        system = running;
        Caller caller = new Caller(running.api());
        signingSecret = caller.get("/_local/health").text("signing_secret").replace("whsec_", "");
        Laboratory lab = new Laboratory(caller);
        laboratory = lab;
        MarkedJourneys marked = new MarkedJourneys(lab);
        journeys = marked;
        marked.all();
    }

    @AfterAll
    static void end() {
        requireNonNull(laboratory).close();
        requireNonNull(written).close();
        requireNonNull(system).close();
    }

    private static String someAuthority() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        X509Certificate first = ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
        return "-----BEGIN CERTIFICATE-----\n" + Base64.getEncoder().encodeToString(first.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    @Test
    void every_call_has_its_right_and_every_right_its_call() throws IOException {
        Files.writeString(Path.of("target/policies.txt"), requireNonNull(system).roles().table());

        assertThat(requireNonNull(system).roles().faults()).isEmpty();
    }

    @Test
    void nothing_of_a_task_its_caller_or_its_receiver_is_written_anywhere_but_into_the_table() {
        Map<String, TreeSet<String>> found = new TreeMap<>();
        requireNonNull(written).all(requireNonNull(folder).resolve("data")).forEach((place, text) -> {
            text.lines().filter(line -> MARKED.matcher(line).find() || line.contains(signingSecret))
                    .forEach(line -> found.computeIfAbsent(place, none -> new TreeSet<>())
                            .add(line.length() > 2_000 ? line.substring(0, 2_000) : line));
        });

        assertThat(found).isEmpty();
    }

    @Test
    void what_receivers_and_callers_are_meant_to_get_they_get() {
        Caller caller = new Caller(requireNonNull(system).api());

        assertThat(caller.deliveries("ok").toString()).contains("zq7data", "zq7header", "zq7secret", "zq7query");
        assertThat(marks(answers(false))).contains("zq7data", "zq7query", "zq7label", "zq7answer");
        assertThat(requireNonNull(written).printed()).contains("a message was not handled", "a row was not adopted",
                "a needed service did not answer", "task not accepted", "LatenessMs", "\"row refused\"");
    }

    @Test
    void no_caller_is_shown_a_header_a_secret_or_who_another_caller_is() {
        // A dry run shows its caller what he has just sent, to nobody else, and keeps it nowhere.
        assertThat(answers(false)).filteredOn(answer -> !answer.contains("\"signed_content\""))
                .noneMatch(answer -> HIDDEN.matcher(answer).find());
        assertThat(answers(false)).noneMatch(answer -> answer.contains("zq7secret"));
        assertThat(answers(false)).noneMatch(answer -> answer.contains(signingSecret));
    }

    @Test
    void no_error_says_how_the_system_is_made() {
        assertThat(answers(true)).isNotEmpty().noneMatch(answer -> INTERNAL.matcher(answer).find());
        assertThat(answers(false)).flatExtracting(EveryJourneyIT::messages)
                .noneMatch(message -> INTERNAL.matcher(message).find());
    }

    private static List<String> answers(boolean errors) {
        return requireNonNull(journeys).answers().stream().filter(answer -> (answer.status() >= 400) == errors)
                .map(answer -> answer.response().body()).toList();
    }

    private static Set<String> marks(List<String> texts) {
        return texts.stream().flatMap(text -> MARKED.matcher(text).results()).map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a task's view says in the system's own words. */
    private static List<String> messages(String answer) {
        if (!answer.startsWith("{")) {
            return List.of();
        }
        JsonNode view = MAPPER.readTree(answer);
        return Stream.of("message", "problem").flatMap(name -> view.findValues(name).stream()).map(JsonNode::toString)
                .toList();
    }
}
