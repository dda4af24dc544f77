package io.taskscheduler.local;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.taskscheduler.local.auth.LocalIssuer;
import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.CorsResource;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.Resource;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.local.template.Stack;
import io.taskscheduler.local.template.TableResource;
import io.taskscheduler.local.template.Template;
import io.taskscheduler.local.template.TemplateException;

import tools.jackson.databind.JsonNode;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ConflictException;

/** What the template declares, as far as the local run needs it. */
record DeclaredStack(String region, String accountId, List<TableResource> tables, List<QueueResource> queues,
        List<FunctionResource> functions, List<RouteResource> routes, Optional<CorsResource> cors,
        List<EventSourceResource> eventSources,
        List<String> scheduleGroups, Map<String, String> secrets, String signingSecret) {

    /**
     * @param options
     *            have some of the template's parameters
     */
    static DeclaredStack read(Path file, String queueEndpoint, LocalOptions options) {
        try {
            Template template = Template.read(file);
            Account account = Account.local(queueEndpoint);
            Stack stack = template.stack(account, overrides(template, options));
            return new DeclaredStack(account.region(), account.id(), TableResource.of(stack), QueueResource.of(stack),
                    FunctionResource.of(stack), RouteResource.of(stack), CorsResource.of(stack),
                    EventSourceResource.of(stack),
                    stack.resources("AWS::Scheduler::ScheduleGroup").stream().map(Resource::name).toList(),
                    stack.secrets(), signingSecret(stack));
        } catch (NoSuchFileException e) {
            throw new StartFailure("There is no " + file.toAbsolutePath() + ": run this in the project's folder", e);
        } catch (IOException e) {
            throw new StartFailure("Cannot read " + file.toAbsolutePath() + ": " + e.getMessage(), e);
        } catch (TemplateException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** In the form that receivers know it; a template without one signs nothing. */
    private static String signingSecret(Stack stack) {
        return stack.resource("SigningSecret").map(secret -> "whsec_" + stack.secrets().get(secret.ref())).orElse("");
    }

    String tableName() {
        return tables.isEmpty() ? "" : tables.getFirst().name();
    }

    String scheduleGroupName() {
        return scheduleGroups.isEmpty() ? "" : scheduleGroups.getFirst();
    }

    /** Those that are not there from an earlier run; the SDK must lead to the local service by now. */
    void createScheduleGroups() {
        try (SchedulerClient client = SchedulerClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
            for (String group : scheduleGroups) {
                try {
                    client.createScheduleGroup(request -> request.name(group));
                } catch (ConflictException fromAnEarlierRun) {
                    // As it should be.
                }
            }
        }
    }

    private static Map<String, String> overrides(Template template, LocalOptions options) {
        Map<String, String> overrides = new HashMap<>();
        JsonNode parameters = template.json().path("Parameters");
        switch (options.auth()) {
            case NONE -> {
                // A template that does not let it be chosen has what it has.
                if (parameters.has("ApiAuth")) {
                    overrides.put("ApiAuth", "none");
                }
            }
            case IAM -> overrides.put("ApiAuth", "iam");
            case JWT -> overrides.putAll(
                    Map.of("ApiAuth", "jwt", "JwtIssuer", LocalIssuer.NAME, "JwtAudience", LocalIssuer.AUDIENCE));
        }
        if (parameters.has("WebhookAllowedNetworks")) {
            overrides.put("WebhookAllowedNetworks", options.allowedNetworks());
        }
        options.corsOrigins().ifPresent(origins -> overrides.put("CorsAllowedOrigins", origins));
        return Map.copyOf(overrides);
    }
}
