package io.taskscheduler.template;

import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Resource;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.local.template.Stack;
import io.taskscheduler.local.template.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code template.yaml} as an account gets it, or a copy with a fault planted in it: a check that misses that one checks nothing. */
public final class DeployedTemplate {

    private static final Account ACCOUNT = new Account("tasks", "210987654321", "eu-west-1",
            "https://sqs.eu-west-1.amazonaws.com");
    private static final String WRITTEN = read();

    private final String text;
    private final Account account;
    private final Map<String, String> parameters;
    private final Template template;
    private final Stack stack;

    private DeployedTemplate(String text, Account account, Map<String, String> parameters) {
        this.text = text;
        this.account = account;
        this.parameters = parameters;
        this.template = Template.parse(text);
        this.stack = template.stack(account, parameters);
    }

    public static DeployedTemplate asWritten() {
        return new DeployedTemplate(WRITTEN, ACCOUNT, Map.of());
    }

    /** In the account that a local run stands for: what runs there names resources so. */
    public static DeployedTemplate asRunLocally() {
        return new DeployedTemplate(WRITTEN, Account.local("http://127.0.0.1"), Map.of());
    }

    /** With values of the operator's choice. */
    public DeployedTemplate with(Map<String, String> chosen) {
        return new DeployedTemplate(text, account, chosen);
    }

    /**
     * A copy with something else in the first place where it is written below a name.
     *
     * @param below a resource, or {@code Globals}; an {@link AssertionError} when this is not written below it
     */
    public DeployedTemplate where(String below, String written, String instead) {
        Matcher start = Pattern.compile("(?m)^ *" + Pattern.quote(below) + ":$").matcher(text);
        int at = start.find() ? text.indexOf(written, start.end()) : -1;
        if (at < 0) {
            throw new AssertionError("the template does not have this below " + below + ": " + written);
        }
        return new DeployedTemplate(text.substring(0, at) + instead + text.substring(at + written.length()), account,
                parameters);
    }

    public Stack stack() {
        return stack;
    }

    public Account account() {
        return account;
    }

    public Resource resource(String logicalId) {
        return stack.resource(logicalId).orElseThrow(() -> new AssertionError("there is no " + logicalId));
    }

    public List<FunctionResource> functions() {
        return FunctionResource.of(stack);
    }

    public FunctionResource function(String logicalId) {
        return functions().stream().filter(function -> function.logicalId().equals(logicalId)).findFirst()
                .orElseThrow(() -> new AssertionError("there is no function " + logicalId));
    }

    /** What is called: the alias of the function's newest version. */
    public String aliasOf(String logicalId) {
        return function(logicalId).arn() + ":"
                + resource(logicalId).properties().requiredText("AutoPublishAlias");
    }

    /** The functions that the API's routes lead to. */
    public Set<String> functionsBehindTheApi() {
        return RouteResource.of(stack).stream().map(RouteResource::functionName).collect(Collectors.toSet());
    }

    /** What a resource holds beside its properties, or its properties before they are evaluated. */
    public JsonNode written(String logicalId) {
        return template.json().path("Resources").path(logicalId);
    }

    /** All resources with their types, before they are evaluated. */
    public JsonNode written() {
        return template.json().path("Resources");
    }

    /** The declarations of all parameters. */
    public JsonNode parameters() {
        return template.json().path("Parameters");
    }

    /** The declaration of a parameter. */
    public JsonNode parameter(String name) {
        return template.json().path("Parameters").path(name);
    }

    private static String read() {
        try {
            return Files.readString(Path.of("template.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
