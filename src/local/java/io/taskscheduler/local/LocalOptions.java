package io.taskscheduler.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How the local run was asked to be, from {@code -Dlocal.…}.
 *
 * @param port
 *            of the API
 * @param bind
 *            the address everything listens on
 * @param data
 *            the folder that everything is kept in; nothing outlives the run when empty
 * @param spreadTimers
 *            whether timers fire at some second of their minute, as on AWS, and not exactly
 * @param corsOrigins
 *            the template's {@code CorsAllowedOrigins}; its default when empty
 * @param allowedNetworks
 *            the template's {@code WebhookAllowedNetworks}; this machine's own when not said
 * @param secrets
 *            a properties file with secrets by their names
 * @param auth
 *            the template's {@code ApiAuth}, which the API then holds callers to
 * @param dynamoDbPort
 *            insisted on; else 8000 or, when that is taken, a free one. The others likewise
 */
record LocalOptions(int port, String bind, Optional<Path> data, boolean spreadTimers,
        Optional<String> corsOrigins, Auth auth, String allowedNetworks, Optional<Path> secrets,
        OptionalInt dynamoDbPort, OptionalInt sqsPort, OptionalInt schedulerPort, OptionalInt secretsManagerPort) {
    static final String PREFIX = "local.";
    private static final String THIS_MACHINE = "127.0.0.0/8,::1/128";
    private static final List<String> KNOWN = List.of("allowed-networks", "auth", "bind", "cors-origins", "data",
            "dynamodb-port", "port",
            "scheduler-port", "secrets", "secretsmanager-port",
            "sqs-port",
            "timers");

    /** What callers must show. */
    enum Auth {
        NONE, JWT, IAM
    }

    /** Reads those of the properties that begin with {@code local.}; a {@link StartFailure} says what is wrong. */
    static LocalOptions from(Map<String, String> properties) {
        Map<String, String> given = new TreeMap<>();
        properties.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                given.put(name.substring(PREFIX.length()), value.strip());
            }
        });
        given.keySet().stream().filter(name -> !KNOWN.contains(name)).findFirst().ifPresent(name -> {
            throw new StartFailure(
                    "There is no option -Dlocal." + name + "; there are -Dlocal." + String.join("=, -Dlocal.", KNOWN)
                            + "=");
        });
        return new LocalOptions(port(given, "port").orElse(3000), given.getOrDefault("bind", "127.0.0.1"),
                Optional.ofNullable(given.get("data")).filter(folder -> !folder.isEmpty()).map(Path::of), spread(given),
                Optional.ofNullable(given.get("cors-origins")), auth(given),
                given.getOrDefault("allowed-networks", THIS_MACHINE),
                Optional.ofNullable(given.get("secrets")).filter(file -> !file.isEmpty()).map(Path::of),
                port(given, "dynamodb-port"), port(given, "sqs-port"),
                port(given, "scheduler-port"), port(given, "secretsmanager-port"));
    }

    private static OptionalInt port(Map<String, String> given, String name) {
        String value = given.getOrDefault(name, "");
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 65_535) {
            throw new StartFailure("-Dlocal." + name + " must be a port from 1 to 65535, not " + value);
        }
        return OptionalInt.of(Integer.parseInt(value));
    }

    private static Auth auth(Map<String, String> given) {
        String value = given.getOrDefault("auth", "none");
        return switch (value) {
            case "none" -> Auth.NONE;
            case "jwt" -> Auth.JWT;
            case "iam" -> Auth.IAM;
            default -> throw new StartFailure("-Dlocal.auth must be none (everybody may call), jwt (holders of a token)"
                    + " or iam (signed requests), not " + value);
        };
    }

    private static boolean spread(Map<String, String> given) {
        String value = given.getOrDefault("timers", "exact");
        return switch (value) {
            case "exact" -> false;
            case "aws" -> true;
            default -> throw new StartFailure(
                    "-Dlocal.timers must be exact (timers fire on their second) or aws (somewhere in their"
                            + " minute), not " + value);
        };
    }
}
