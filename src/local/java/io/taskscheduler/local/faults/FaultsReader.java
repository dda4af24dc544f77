package io.taskscheduler.local.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the list of faults that a caller tells, and collects what is wrong with it, by member. */
final class FaultsReader {
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final String EXPECTED = "must be a list of faults such as"
            + " [{\"service\": \"scheduler\", \"operation\": \"CreateSchedule\", \"error\": \"InternalServerException\"}]";
    static final String WEBHOOK = "webhook";
    static final String LAMBDA = "lambda";
    private static final String SERVICES = Stream.concat(Stream.of(AwsService.values()).map(AwsService::word),
            Stream.of(WEBHOOK, LAMBDA)).collect(Collectors.joining(", "));

    private final Set<String> functions;
    private final Map<String, String> violations = new LinkedHashMap<>();

    /**
     * Reads one list.
     *
     * @param functions
     *            the logical ids of those that can die
     */
    FaultsReader(Set<String> functions) {
        this.functions = functions;
    }

    /** Each wrong member with what is wrong about it; {@code body} is the list itself. */
    Map<String, String> violations() {
        return violations;
    }

    /** The faults in the body; to be used only when there are no violations. */
    List<Waiting> read(byte[] body) {
        List<Waiting> read = new ArrayList<>();
        JsonNode list = parsed(body);
        if (!list.isArray()) {
            violations.putIfAbsent("body", EXPECTED);
            return read;
        }
        int number = 0;
        for (JsonNode entry : list) {
            String path = "[" + number++ + "]";
            if (entry instanceof ObjectNode object) {
                read(new Entry(object, path, violations)).ifPresent(read::add);
            } else {
                violations.put(path, "must be an object; the whole " + EXPECTED);
            }
        }
        return read;
    }

    private JsonNode parsed(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            violations.put("body", "is not JSON (" + e.getOriginalMessage() + "); it " + EXPECTED);
            return JSON.missingNode();
        }
    }

    private Optional<Waiting> read(Entry entry) {
        Optional<String> word = entry.text("service", "must be one of " + SERVICES);
        if (word.isEmpty()) {
            return unknown(entry);
        }
        Optional<AwsService> service = Stream.of(AwsService.values()).filter(each -> each.word().equals(word.get()))
                .findFirst();
        if (service.isPresent()) {
            return entry.waiting(new AwsCallReader(entry, service.get()).read());
        }
        return switch (word.get()) {
            case WEBHOOK -> entry.waiting(new WebhookReader(entry).read());
            case LAMBDA -> entry.waiting(new DeathReader(entry, functions).read());
            default -> unknown(entry);
        };
    }

    /** What every fault has is looked at all the same. */
    private static Optional<Waiting> unknown(Entry entry) {
        entry.wrong("service", "must be one of " + SERVICES);
        Fault.When _ = entry.when();
        return entry.waiting(Optional.empty());
    }
}
