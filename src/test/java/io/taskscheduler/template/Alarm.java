package io.taskscheduler.template;

import io.taskscheduler.domain.Precision;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Properties;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.Resource;
import io.taskscheduler.local.template.TableResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** An alarm of the template, and what keeps it from ever firing or from being heard. */
record Alarm(DeployedTemplate template, Resource resource) {

    static final String TOPIC = "arn:aws:sns:eu-west-1:210987654321:on-call";

    /** All other dimensions name a resource, whose name is known once it is deployed. */
    private static final Set<String> WRITTEN_AS_TEXT = Set.of("GlobalSecondaryIndexName", "Operation", "Precision");
    private static final int DAY_SECONDS = 86_400;

    static List<Alarm> of(DeployedTemplate template) {
        return template.stack().resources("AWS::CloudWatch::Alarm").stream()
                .map(resource -> new Alarm(template, resource)).toList();
    }

    boolean watches(String metric, String dimension, String value) {
        return properties().requiredText("MetricName").equals(metric)
                && dimensions().equals(Map.of(dimension, value));
    }

    List<String> faults() {
        List<String> faults = new ArrayList<>(shapeFaults());
        published().ifPresentOrElse(metric -> faults.addAll(metricFaults(metric)),
                () -> faults.add("nobody publishes " + properties().requiredText("MetricName") + " in "
                        + properties().requiredText("Namespace")));
        dimensions().forEach((name, value) -> {
            if (!known(name).contains(value)) {
                faults.add("there is no " + name + " " + value);
            } else if (!WRITTEN_AS_TEXT.contains(name) && writtenDimension(name).isString()) {
                faults.add(name + " is no reference: the deployed resource has another name");
            }
        });
        return faults.stream().map(fault -> resource.logicalId() + ": " + fault).toList();
    }

    /** Rings when the metric falls silent. */
    boolean listensForLifeOf(String namespace, String metric) {
        return statistic().equals(Metric.HEARTBEAT) && properties().requiredText("Namespace").equals(namespace)
                && properties().requiredText("MetricName").equals(metric);
    }

    private String statistic() {
        return properties().text("Statistic").or(() -> properties().text("ExtendedStatistic")).orElse("");
    }

    private Properties properties() {
        return resource.properties();
    }

    private Optional<Metric> published() {
        return Metric.PUBLISHED.stream()
                .filter(metric -> metric.namespace().equals(properties().requiredText("Namespace"))
                        && metric.name().equals(properties().requiredText("MetricName")))
                .findFirst();
    }

    private Map<String, String> dimensions() {
        Map<String, String> dimensions = new LinkedHashMap<>();
        properties().children("Dimensions")
                .forEach(dimension -> dimensions.put(dimension.requiredText("Name"), dimension.requiredText("Value")));
        return dimensions;
    }

    private JsonNode writtenDimension(String name) {
        return template.written(resource.logicalId()).path("Properties").path("Dimensions").valueStream()
                .filter(dimension -> dimension.path("Name").asString().equals(name)).findFirst().orElseThrow()
                .path("Value");
    }

    private List<String> metricFaults(Metric metric) {
        List<String> faults = new ArrayList<>();
        if (!metric.dimensions().contains(dimensions().keySet())) {
            faults.add("nobody publishes " + metric.name() + " by " + dimensions().keySet());
        }
        if (!metric.statistics().contains(statistic())) {
            faults.add("the statistic must be " + String.join(" or ", new TreeSet<>(metric.statistics())));
        }
        return faults;
    }

    private List<String> shapeFaults() {
        List<String> faults = new ArrayList<>();
        faults.addAll(statistic().equals(Metric.HEARTBEAT) ? heartbeatFaults() : countFaults());
        int period = properties().number("Period").orElse(0);
        int periods = properties().number("EvaluationPeriods").orElse(0);
        int datapoints = properties().number("DatapointsToAlarm").orElse(periods);
        // AWS publishes these once a minute, and an alarm looks back one day at most.
        if (period < 60 || period % 60 != 0 || periods < 1 || period * periods > DAY_SECONDS) {
            faults.add("its periods have no data");
        }
        if (datapoints < 1 || datapoints > periods) {
            faults.add("needs more data points than it looks at");
        }
        if (!properties().json().path("AlarmActions").toString().equals("[\"" + TOPIC + "\"]")) {
            faults.add("tells nobody");
        }
        return faults;
    }

    private List<String> countFaults() {
        List<String> faults = new ArrayList<>();
        int threshold = properties().number("Threshold").orElse(-1);
        boolean firesOnOne = switch (properties().requiredText("ComparisonOperator")) {
            case "GreaterThanThreshold" -> threshold >= 0;
            case "GreaterThanOrEqualToThreshold" -> threshold >= 1;
            default -> false;
        };
        if (!firesOnOne) {
            faults.add("fires while all is well");
        }
        // All of these metrics are silent while nothing happens.
        if (!properties().text("TreatMissingData").equals(Optional.of("notBreaching"))) {
            faults.add("silence is not taken for health");
        }
        return faults;
    }

    private List<String> heartbeatFaults() {
        List<String> faults = new ArrayList<>();
        if (!properties().requiredText("ComparisonOperator").equals("LessThanThreshold")
                || properties().number("Threshold").orElse(0) != 1) {
            faults.add("fires while all is well, or never");
        }
        if (!properties().text("TreatMissingData").equals(Optional.of("breaching"))) {
            faults.add("silence is taken for health");
        }
        return faults;
    }

    private List<String> known(String dimension) {
        return switch (dimension) {
            case "QueueName" -> QueueResource.of(template.stack()).stream().map(QueueResource::name).toList();
            case "FunctionName" -> template.functions().stream().map(FunctionResource::name).toList();
            case "ApiId" -> refs("AWS::ApiGatewayV2::Api");
            case "ScheduleGroup" -> refs("AWS::Scheduler::ScheduleGroup");
            case "TableName" -> refs(TableResource.TYPE);
            case "GlobalSecondaryIndexName" -> TableResource.of(template.stack()).stream()
                    .flatMap(table -> table.globalIndexes().stream()).map(TableResource.Index::name).toList();
            case "Precision" ->
                Stream.of(Precision.values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
            case "Operation" -> template.functions().stream().flatMap(f -> AwsCalls.reachableFrom(f).stream())
                    .filter(action -> action.startsWith("dynamodb:"))
                    .map(action -> action.substring("dynamodb:".length())).toList();
            default -> List.of();
        };
    }

    private List<String> refs(String type) {
        return template.stack().resources(type).stream().map(Resource::ref).toList();
    }
}
