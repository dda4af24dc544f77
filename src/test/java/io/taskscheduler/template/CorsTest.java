package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.local.template.CorsResource;
import io.taskscheduler.local.template.Properties;
import io.taskscheduler.local.template.Resource;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.local.template.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which pages in browsers may call the API, and that they can then use all of it. */
class CorsTest {

    private final DeployedTemplate template = DeployedTemplate.asWritten();
    private final DeployedTemplate open = template
            .with(Map.of("CorsAllowedOrigins", "https://console.example.com, http://localhost:5173"));

    @Test
    void without_origins_browsers_are_told_nothing() {
        assertThat(CorsResource.of(template.stack())).isEmpty();
        assertThat(template.stack().resource("PreflightRoute")).isEmpty();
    }

    @Test
    void with_origins_their_browsers_may_ask_without_authentication_and_nothing_else_is_opened() {
        Resource preflight = open.resource("PreflightRoute");

        assertThat(RouteResource.of(open.stack())).hasSize(RouteResource.of(template.stack()).size() + 1);
        assertThat(preflight.properties().requiredText("RouteKey")).isEqualTo("OPTIONS /{proxy+}");
        assertThat(open.stack().resources("AWS::ApiGatewayV2::Route"))
                .filteredOn(route -> route.properties().text("AuthorizationType").orElse("").equals("NONE"))
                .extracting(Resource::logicalId).containsExactly("PreflightRoute");
    }

    @Test
    void pages_may_use_every_method_and_header_that_is_described_and_read_those_of_the_answers() throws IOException {
        CorsResource cors = CorsResource.of(open.stack()).orElseThrow();
        JsonNode document = new JsonMapper().valueToTree(new Yaml().load(Files.readString(Path.of("openapi.yaml"))));
        Set<String> methods = new TreeSet<>(Set.of("HEAD", "OPTIONS"));
        document.path("paths").forEach(path -> path.propertyNames().stream().filter(name -> !name.equals("parameters"))
                .forEach(method -> methods.add(method.toUpperCase(Locale.ROOT))));
        Set<String> asked = new TreeSet<>();
        document.findParents("in").stream().filter(each -> each.path("in").asString("").equals("header"))
                .forEach(each -> asked.add(each.path("name").asString().toLowerCase(Locale.ROOT)));
        Set<String> answered = new TreeSet<>();
        document.findValues("headers").stream().filter(JsonNode::isObject)
                .forEach(headers -> headers.properties().stream().filter(header -> header.getValue().has("$ref"))
                        .forEach(header -> answered.add(header.getKey().toLowerCase(Locale.ROOT))));

        assertThat(cors.allowOrigins()).containsExactly("https://console.example.com", "http://localhost:5173");
        assertThat(cors.allowMethods()).containsExactlyInAnyOrderElementsOf(methods);
        assertThat(asked).contains("idempotency-key", "if-match");
        assertThat(cors.allowHeaders()).contains("content-type").containsAll(asked);
        assertThat(answered).contains("etag", "location");
        assertThat(cors.exposeHeaders()).contains("apigw-requestid").containsAll(answered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://console.example.com/", "console.example.com", "https://*.example.com", "ftp://a",
            "https://Console.example.com", "https://a.example,b", "null"})
    void what_is_no_origin_is_refused_before_it_is_deployed(String origins) {
        assertThatThrownBy(() -> template.with(Map.of("CorsAllowedOrigins", origins)))
                .isInstanceOf(TemplateException.class).hasMessageContaining("Parameters.CorsAllowedOrigins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://*", "https://a.example,http://*"})
    void all_origins_can_be_named_at_once(String origins) {
        assertThat(template.with(Map.of("CorsAllowedOrigins", origins)).resource("HttpApi").properties()
                .child("CorsConfiguration")).satisfies(
                        cors -> assertThat(cors.children("AllowOrigins"))
                                .extracting((Properties item) -> item.json().asString())
                                .containsExactly(origins.split(",")));
    }
}
