package io.taskscheduler.local.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a template makes in one account with one set of parameters. Only resources whose condition holds are in it, and
 * each is evaluated when it is asked for: an unsupported function in one resource does not hinder the others.
 */
public final class Stack {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectNode document;
    private final Account account;
    private final Parameters parameters;
    private final Attributes attributes;
    private final Intrinsics intrinsics;
    private final Secrets secrets;

    Stack(ObjectNode document, Account account, Parameters parameters) {
        this.document = document;
        this.account = account;
        this.parameters = parameters;
        this.attributes = new Attributes(account);
        this.intrinsics = new Intrinsics(new StackNames());
        this.secrets = new Secrets(
                arn -> resources(Secrets.TYPE).stream().filter(secret -> secret.ref().equals(arn)).findFirst());
    }

    /** Where it is taken to be deployed. */
    public Account account() {
        return account;
    }

    /** The resources of one type, in the order of the template. */
    public List<Resource> resources(String type) {
        return document.path("Resources").properties().stream()
                .filter(entry -> typeOf(entry.getValue()).equals(type) && exists(entry.getKey(), entry.getValue()))
                .map(entry -> evaluated(entry.getKey(), entry.getValue())).toList();
    }

    /** The resource with this logical id; empty when there is none or its condition does not hold. */
    public Optional<Resource> resource(String logicalId) {
        return written(logicalId).map(written -> evaluated(logicalId, written));
    }

    /** The texts of the stack's own secrets, by their ARNs and by their names. */
    public Map<String, String> secrets() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Resource secret : resources(Secrets.TYPE)) {
            texts.put(secret.ref(), secrets.value(secret));
            texts.put(secret.name(), secrets.value(secret));
        }
        return texts;
    }

    /** The values of the outputs whose condition holds, by name, in order. */
    public Map<String, String> outputs() {
        Map<String, String> outputs = new LinkedHashMap<>();
        document.path("Outputs").properties().forEach(output -> {
            String place = "Outputs." + output.getKey();
            if (holds(output.getValue(), place)) {
                outputs.put(output.getKey(), Properties
                        .asText(intrinsics.evaluate(output.getValue().path("Value"), place + ".Value"),
                                place + ".Value"));
            }
        });
        return outputs;
    }

    /** Whether a condition of the template holds. */
    public boolean condition(String name) {
        return condition(name, "Conditions");
    }

    private boolean condition(String name, String place) {
        JsonNode written = document.path("Conditions").path(name);
        if (written.isMissingNode()) {
            throw new TemplateException(place, "there is no condition " + name);
        }
        return intrinsics.condition(written, "Conditions." + name);
    }

    private Optional<JsonNode> written(String logicalId) {
        JsonNode written = document.path("Resources").path(logicalId);
        return written.isObject() && exists(logicalId, written) ? Optional.of(written) : Optional.empty();
    }

    private boolean exists(String logicalId, JsonNode written) {
        return holds(written, "Resources." + logicalId);
    }

    private boolean holds(JsonNode written, String place) {
        JsonNode condition = written.path("Condition");
        return condition.isMissingNode() || condition(Properties.asText(condition, place + ".Condition"), place);
    }

    private Resource evaluated(String logicalId, JsonNode written) {
        String place = "Resources." + logicalId + ".Properties";
        JsonNode properties = secrets.resolved(intrinsics.evaluate(written.path("Properties"), place), place);
        String type = typeOf(written);
        String name = nameOf(logicalId, written);
        return new Resource(logicalId, type, name, attributes.ref(type, name), new Properties(place, properties));
    }

    private String nameOf(String logicalId, JsonNode written) {
        return Attributes.nameOf(logicalId, typeOf(written), property -> {
            String place = "Resources." + logicalId + ".Properties." + property;
            JsonNode name = intrinsics.evaluate(written.path("Properties").path(property), place);
            return name.isMissingNode() ? Optional.empty() : Optional.of(Properties.asText(name, place));
        });
    }

    private static String typeOf(JsonNode written) {
        return written.path("Type").asString("");
    }

    private final class StackNames implements Intrinsics.Names {
        @Override
        public Optional<JsonNode> ref(String name) {
            return switch (name) {
                case "AWS::NoValue" -> Optional.of(MissingNode.getInstance());
                case "AWS::StackName" -> text(account.stackName());
                case "AWS::StackId" -> text(account.arn("cloudformation", "stack/" + account.stackName() + "/local"));
                case "AWS::AccountId" -> text(account.id());
                case "AWS::Region" -> text(account.region());
                case "AWS::Partition" -> text(Account.PARTITION);
                case "AWS::URLSuffix" -> text(Account.URL_SUFFIX);
                default -> parameters.value(name).or(() -> resourceRef(name));
            };
        }

        private Optional<JsonNode> resourceRef(String name) {
            if (name.endsWith(".Alias")) {
                return alias(name.substring(0, name.length() - ".Alias".length()));
            }
            return written(name)
                    .flatMap(written -> text(attributes.ref(typeOf(written), nameOf(name, written))));
        }

        /** SAM makes an alias for {@code AutoPublishAlias} and gives its ARN for {@code Function.Alias}. */
        private Optional<JsonNode> alias(String function) {
            return resource(function).flatMap(r -> r.properties().text("AutoPublishAlias"))
                    .flatMap(alias -> attribute(function, "Arn").flatMap(arn -> text(arn + ":" + alias)));
        }

        @Override
        public Optional<String> attribute(String resource, String attribute) {
            return written(resource)
                    .flatMap(written -> attributes.attribute(typeOf(written), nameOf(resource, written), attribute));
        }

        @Override
        public boolean condition(String name, String place) {
            return Stack.this.condition(name, place);
        }

        @Override
        public Optional<JsonNode> mapping(String map, String topKey, String secondKey) {
            JsonNode value = document.path("Mappings").path(map).path(topKey).path(secondKey);
            return value.isMissingNode() ? Optional.empty() : Optional.of(value);
        }

        private static Optional<JsonNode> text(String value) {
            return Optional.of(JSON.stringNode(value));
        }
    }
}
