package io.taskscheduler.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.taskscheduler.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the documents to each other and to what they describe. */
class DocsTest {

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern JSON_FENCE = Pattern.compile("(?ms)^ *```json\\n(.*?)^ *```$");
    private static final Pattern HTTP_JSON = Pattern
            .compile("(?ms)^```http\\n(?:HTTP/[^\\n]*\\n(?:[^\\n]+\\n)*\\n)?([{\\[].*?)^```$");
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern LOCAL_OPTION = Pattern.compile("-Dlocal\\.([a-z][a-z-]*)");
    private static final Pattern KNOWN_OPTIONS = Pattern.compile("KNOWN = List\\.of\\(([^)]*)\\)");
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".aws-sam");
    private static final JsonMapper STRICT = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(""))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !NOT_OURS.contains(file.getName(0).toString())).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_relative_link_leads_to_a_file_and_to_a_heading_of_it(Path document) throws IOException {
        String prose = FENCE.matcher(text(document)).replaceAll("").replaceAll("`[^`\n]*`", "code");
        List<String> links = all(LINK, prose).filter(link -> !link.matches("[a-z]+:.*")).toList();

        assertThat(links).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
            assertThat(target).exists();
            if (parts.length == 2) {
                assertThat(anchors(target)).contains(parts[1]);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_json_block_is_json(Path document) throws IOException {
        assertThat(Stream.concat(all(JSON_FENCE, text(document)), all(HTTP_JSON, text(document)))).allSatisfy(
                block -> assertThatCode(() -> STRICT.readTree(block)).as(block).doesNotThrowAnyException());
    }

    @Test
    void every_call_that_is_described_is_shown_with_its_answer() throws IOException {
        String page = text(Path.of("docs/api.md"));
        Set<String> shown = all(Pattern.compile("(?m)^## ((?:GET|POST|PUT|PATCH|DELETE) \\S+)$"), page)
                .collect(Collectors.toSet());
        JsonNode paths = new JsonMapper().valueToTree(new Yaml().load(text(Path.of("openapi.yaml")))).path("paths");
        Set<String> described = paths.properties().stream()
                .flatMap(path -> path.getValue().propertyNames().stream().filter(name -> !name.equals("parameters"))
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toSet());

        assertThat(described).isNotEmpty().isEqualTo(shown);
        assertThat(all(Pattern.compile("(?ms)^(```http\\n```)$"), page)).as("not recorded").isEmpty();
    }

    @Test
    void every_alarm_has_its_paragraph_and_every_paragraph_its_alarm() throws IOException {
        JsonNode resources = template().path("Resources");
        Set<String> alarms = resources.propertyNames().stream()
                .filter(name -> resources.path(name).path("Type").asString("").equals("AWS::CloudWatch::Alarm"))
                .collect(Collectors.toSet());
        List<String> headings = all(Pattern.compile("(?m)^### (.+)$"), text(Path.of("docs/operations.md"))).toList();

        assertThat(headings).isNotEmpty().containsExactlyInAnyOrderElementsOf(alarms);
    }

    @Test
    void every_parameter_is_explained_to_the_operator() throws IOException {
        String operations = text(Path.of("docs/operations.md"));
        String section = operations.substring(operations.indexOf("## Parameters"),
                operations.indexOf("## What the logs say"));
        Set<String> rows = all(Pattern.compile("(?m)^\\| (`[^|]+`) \\|"), section)
                .flatMap(cell -> Stream.of(cell.replace("`", "").split(", "))).collect(Collectors.toSet());

        assertThat(rows).containsExactlyInAnyOrderElementsOf(template().path("Parameters").propertyNames());
    }

    @Test
    void the_options_of_the_local_run_are_those_that_the_manual_lists() throws IOException {
        String source = text(Path.of("src/local/java/io/taskscheduler/local/LocalOptions.java"));
        Set<String> known = all(KNOWN_OPTIONS, source).flatMap(list -> all(Pattern.compile("\"([^\"]+)\""), list))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = all(LOCAL_OPTION, text(Path.of("docs/local.md")))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(listed).isNotEmpty().isEqualTo(known);
    }

    /** As GitHub makes them: lower case, spaces to hyphens, everything else that is no letter, digit, hyphen or underscore away. */
    private static Set<String> anchors(Path document) throws IOException {
        return all(HEADING, FENCE.matcher(text(document)).replaceAll(""))
                .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static Stream<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult result) -> result.group(1));
    }

    private static JsonNode template() throws IOException {
        return Template.read(Path.of("template.yaml")).json();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }
}
