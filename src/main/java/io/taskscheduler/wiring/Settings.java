package io.taskscheduler.wiring;

import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the template tells a function through its environment. The only reader of it. A start with missing or malformed variables is refused
 * with an {@link IllegalStateException} that names all of them.
 *
 * @param precision    of tasks that do not say
 * @param destinations  where webhooks may go
 * @param apiScopes     where callers show tokens
 * @param pageTokenKey  what the API signs the lists' page tokens with; only its function is told
 * @param signingSecret id of the secret that webhooks are signed with; empty for a function that sends none, like the two below
 * @param secretsPrefix what the names of the secrets begin with that a header may refer to
 * @param caBundle      id of the secret that holds certificates of authorities to be trusted beside Java's
 */
public record Settings(String region, String tableName, int indexShards, int taskRetentionDays,
        String scheduleGroupName, String timerQueueUrl, String timerTargetArn, String timerRoleArn,
        String timerDeadLetterQueueArn,
        String wakeUpQueueUrl, int wakeUpsPerSecond, Precision precision, Destinations destinations, ApiAuth apiAuth,
        Optional<ApiScopes> apiScopes, Optional<Secret> pageTokenKey, String signingSecret, String secretsPrefix,
        Optional<String> caBundle) {

    /** Who may call the API. */
    public enum ApiAuth {
        IAM, JWT, NONE
    }

    /** What a token must hold, by what its caller wants to do. */
    public record ApiScopes(String read, String write, String operate) {}

    public static Settings from(Map<String, String> environment) {
        Reader reader = new Reader(environment, new ArrayList<>());
        Settings settings = new Settings(reader.text("AWS_REGION"), reader.text("TABLE_NAME"),
                reader.number("INDEX_SHARDS", 1, 64), reader.number("TASK_RETENTION_DAYS", 0, 36_500),
                reader.text("SCHEDULE_GROUP_NAME"), reader.text("TIMER_QUEUE_URL"), reader.text("TIMER_TARGET_ARN"),
                reader.text("TIMER_ROLE_ARN"),
                reader.text("TIMER_DEAD_LETTER_QUEUE_ARN"), reader.text("WAKE_UP_QUEUE_URL"),
                reader.number("WAKE_UPS_PER_SECOND", 1, 1_000), reader.precision("PRECISION"),
                reader.destinations(), reader.apiAuth("API_AUTH"), reader.apiScopes("API_AUTH", "JWT_SCOPES"),
                reader.given("PAGE_TOKEN_KEY").map(Secret::new),
                reader.given("SIGNING_SECRET").orElse(""), reader.given("SECRETS_PREFIX").orElse(""),
                reader.given("WEBHOOK_CA_BUNDLE"));
        if (!reader.faults.isEmpty()) {
            throw new IllegalStateException("The environment is incomplete: " + String.join("; ", reader.faults));
        }
        return settings;
    }

    /** For a rehearsal on this machine alone: webhooks may go there, and no secret is a real one. */
    Settings rehearsing() {
        return new Settings(region, tableName, indexShards, taskRetentionDays, scheduleGroupName, timerQueueUrl,
                timerTargetArn, timerRoleArn, timerDeadLetterQueueArn, wakeUpQueueUrl, wakeUpsPerSecond, precision,
                Destinations.of("127.0.0.0/8", "", ""), apiAuth, apiScopes, Optional.of(new Secret("rehearsal")),
                "rehearsal", "rehearsal/", Optional.empty());
    }

    private record Reader(Map<String, String> environment, List<String> faults) {

        String text(String name) {
            String value = environment.getOrDefault(name, "");
            if (value.isBlank()) {
                faults.add(name + " is missing");
            }
            return value;
        }

        int number(String name, int min, int max) {
            String value = text(name);
            try {
                int number = value.isBlank() ? min : Integer.parseInt(value);
                if (number < min || number > max) {
                    faults.add(name + " must be " + min + " to " + max + ", is " + value);
                }
                return number;
            } catch (NumberFormatException e) {
                faults.add(name + " must be a whole number, is " + value);
                return min;
            }
        }

        Precision precision(String name) {
            String value = text(name);
            return switch (value) {
                case "", "second" -> Precision.SECOND;
                case "minute" -> Precision.MINUTE;
                default -> {
                    faults.add(name + " must be second or minute, is " + value);
                    yield Precision.SECOND;
                }
            };
        }

        Optional<String> given(String name) {
            return Optional.of(environment.getOrDefault(name, "")).filter(value -> !value.isBlank());
        }

        Destinations destinations() {
            try {
                return Destinations.of(given("WEBHOOK_ALLOWED_NETWORKS").orElse(""),
                        given("WEBHOOK_ALLOWED_HOSTS").orElse(""), given("WEBHOOK_BLOCKED_PORTS").orElse(""));
            } catch (IllegalArgumentException unreadable) {
                faults.add("one of WEBHOOK_ALLOWED_NETWORKS, WEBHOOK_ALLOWED_HOSTS and WEBHOOK_BLOCKED_PORTS "
                        + unreadable.getMessage());
                return Destinations.of("", "", "");
            }
        }

        /** Only where tokens are asked for: three words. */
        Optional<ApiScopes> apiScopes(String auth, String name) {
            String value = environment.getOrDefault(name, "");
            String[] scopes = value.split(" ", -1);
            if (!environment.getOrDefault(auth, "").equals("jwt")) {
                return Optional.empty();
            }
            if (scopes.length != 3) {
                faults.add(name + " must be three scopes, is " + value);
                return Optional.empty();
            }
            return Optional.of(new ApiScopes(scopes[0], scopes[1], scopes[2]));
        }

        /** Only the API's function is told; the strictest is assumed. */
        ApiAuth apiAuth(String name) {
            String value = environment.getOrDefault(name, "iam");
            return switch (value) {
                case "iam" -> ApiAuth.IAM;
                case "jwt" -> ApiAuth.JWT;
                case "none" -> ApiAuth.NONE;
                default -> {
                    faults.add(name + " must be iam, jwt or none, is " + value);
                    yield ApiAuth.IAM;
                }
            };
        }
    }
}
