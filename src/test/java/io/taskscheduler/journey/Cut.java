package io.taskscheduler.journey;

import io.taskscheduler.journey.OutsideCalls.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that goes wrong at one outside call.
 *
 * @param where  which call of which kind, counted from 1
 * @param faults for {@code PUT /_local/faults}
 * @param times  how many calls can meet it
 */
record Cut(Kind kind, String where, List<String> faults, int times) {

    /** What can go wrong. */
    enum Kind {
        NOTHING, FAILS_ONCE, FAILS_AT_EVERY_TRY, IS_REFUSED, IS_REFUSED_FOR_MINUTES, IS_THROTTLED_ONCE, IS_THROTTLED_AT_EVERY_TRY, LOSES_ONE_ANSWER, LOSES_EVERY_ANSWER, HANGS_ONCE, HANGS_AT_EVERY_TRY, FUNCTION_DIES_BEFORE, FUNCTION_DIES_AFTER, FUNCTION_DIES_UNDER_A_LONG_LEASE, WEBHOOK_FAILS, WEBHOOK_LOSES_ITS_ANSWER, WEBHOOK_HANGS, WEBHOOK_ARRIVES_AND_HANGS, IS_SLOW, TIMER_IS_LOST, MESSAGE_IS_LOST, WAKE_UP_COMES_TWICE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        boolean isDeath() {
            return this == FUNCTION_DIES_BEFORE || this == FUNCTION_DIES_AFTER
                    || this == FUNCTION_DIES_UNDER_A_LONG_LEASE;
        }

        /** Whether it takes seconds: the SDK tries and waits in real time. */
        boolean isDear() {
            return this == FAILS_AT_EVERY_TRY || this == LOSES_EVERY_ANSWER || this == IS_THROTTLED_AT_EVERY_TRY
                    || hangs();
        }

        boolean hangs() {
            return this == HANGS_ONCE || this == HANGS_AT_EVERY_TRY;
        }

        /** Whether the SDK gets over it, so that the code does not notice. */
        boolean isGotOver() {
            return this == NOTHING || this == FAILS_ONCE || this == IS_THROTTLED_ONCE || this == LOSES_ONE_ANSWER
                    || this == HANGS_ONCE;
        }
    }

    private static final Map<String, String> ERROR = Map.of("dynamodb", "InternalServerError", "scheduler",
            "InternalServerException", "sqs", "InternalError");
    private static final Map<String, String> THROTTLING = Map.of("dynamodb", "ProvisionedThroughputExceededException",
            "scheduler", "ThrottlingException", "sqs", "ThrottlingException");
    /** Half a second longer than the SDK waits for one try. */
    static final int HANG_MS = 3_500;

    /** How often the SDK tries a call that keeps failing. DynamoDB is an exception of its own. */
    record Tries(int dynamoDb, int others) {

        int of(String service) {
            return service.equals("dynamodb") ? dynamoDb : others;
        }
    }

    static Cut none() {
        return new Cut(Kind.NOTHING, "", List.of(), 0);
    }

    /** One try of an operation after {@code skip} others, or as many in a row as the kind asks for. */
    private static Cut of(Kind kind, Operation operation, int skip, Tries sdk) {
        int tries = sdk.of(operation.service());
        int times = switch (kind) {
            case FAILS_AT_EVERY_TRY, IS_THROTTLED_AT_EVERY_TRY, LOSES_EVERY_ANSWER -> tries;
            case IS_REFUSED_FOR_MINUTES -> 3;
            case HANGS_AT_EVERY_TRY -> 2;
            default -> 1;
        };
        String what = switch (kind) {
            case FAILS_ONCE, FAILS_AT_EVERY_TRY -> error(ERROR, operation);
            case IS_REFUSED, IS_REFUSED_FOR_MINUTES -> "\"error\": \"AccessDeniedException\"";
            case IS_THROTTLED_ONCE, IS_THROTTLED_AT_EVERY_TRY -> error(THROTTLING, operation);
            case LOSES_ONE_ANSWER, LOSES_EVERY_ANSWER -> "\"when\": \"after\"";
            case HANGS_ONCE, HANGS_AT_EVERY_TRY -> "\"hang_ms\": " + HANG_MS;
            default -> throw new IllegalArgumentException(kind + " does not happen to a request");
        };
        return new Cut(kind, operation + " #" + (skip + 1),
                List.of("{\"service\": \"%s\", \"operation\": \"%s\", \"skip\": %d, \"times\": %d, %s}".formatted(
                        operation.service(), operation.name(), skip, times, what)),
                times);
    }

    /**
     * Each request of the work, each in all of these ways that are not another one in disguise, unless everything is asked for.
     */
    static List<Cut> ofRequests(OutsideCalls calls, List<Kind> kinds, Tries sdk, boolean everything) {
        List<Cut> cuts = new ArrayList<>();
        calls.requests().forEach((operation, count) -> {
            for (int skip = 0; skip < count; skip++) {
                for (Kind kind : kinds) {
                    if (everything || isWorthItsTime(kind, operation, skip)) {
                        cuts.add(of(kind, operation, skip, sdk));
                    }
                }
            }
        });
        return cuts;
    }

    /**
     * To lose the answer of a read is to fail, and for a read to hang is to fail late. What the SDK gets over without a trace it gets over at
     * each call of an operation, and what lasts for minutes meets the later calls as well.
     */
    private static boolean isWorthItsTime(Kind kind, Operation operation, int skip) {
        return switch (kind) {
            case LOSES_ONE_ANSWER, LOSES_EVERY_ANSWER -> operation.isWrite();
            case HANGS_ONCE, HANGS_AT_EVERY_TRY -> operation.isWrite() && skip == 0;
            case FAILS_ONCE, FAILS_AT_EVERY_TRY, IS_REFUSED_FOR_MINUTES -> skip == 0;
            default -> true;
        };
    }

    /**
     * The function's deaths at each call of each of its runs. To die after a call is to die before the next, for nothing outside happens in
     * between: unless everything is asked for, it does so after the last call only.
     */
    static List<Cut> ofDeaths(OutsideCalls calls, String function, List<Kind> kinds, boolean everything) {
        List<Cut> cuts = new ArrayList<>();
        List<Integer> reached = calls.runs().getOrDefault(function, List.of());
        for (int call = 1; call <= reached.size(); call++) {
            int goOn = call < reached.size() ? reached.get(call) : 0;
            for (int skip = 0; skip < reached.get(call - 1); skip++) {
                for (Kind kind : kinds) {
                    if (everything || kind != Kind.FUNCTION_DIES_AFTER || skip >= goOn) {
                        cuts.add(ofDeath(kind, function, call, skip));
                    }
                }
            }
        }
        return cuts;
    }

    private static Cut ofDeath(Kind kind, String function, int call, int skip) {
        String fault = "{\"service\": \"lambda\", \"function\": \"%s\", \"kill_at_call\": %d, \"skip\": %d, \"when\": \"%s\"}"
                .formatted(function, call, skip, kind == Kind.FUNCTION_DIES_AFTER ? "after" : "before");
        return new Cut(kind, function + ", run " + (skip + 1) + ", call " + call, List.of(fault), 1);
    }

    static List<Cut> ofWebhooks(OutsideCalls calls) {
        List<Cut> cuts = new ArrayList<>();
        Map<Kind, String> kinds = Map.of(Kind.WEBHOOK_FAILS, "\"error\": \"connection_refused\"",
                Kind.WEBHOOK_LOSES_ITS_ANSWER,
                "\"when\": \"after\"", Kind.WEBHOOK_HANGS, "\"hang_ms\": 60000", Kind.WEBHOOK_ARRIVES_AND_HANGS,
                "\"when\": \"after\", \"hang_ms\": 60000");
        for (int skip = 0; skip < calls.webhooks(); skip++) {
            int passed = skip;
            kinds.forEach((kind, what) -> cuts.add(new Cut(kind, "webhook #" + (passed + 1),
                    List.of("{\"service\": \"webhook\", \"skip\": " + passed + ", " + what + "}"), 1)));
        }
        return cuts;
    }

    boolean isAt(String service) {
        return where.startsWith(service + " ");
    }

    @Override
    public String toString() {
        return where.isEmpty() ? kind.toString() : where + " " + kind;
    }

    private static String error(Map<String, String> names, Operation operation) {
        return "\"error\": \"%s\"".formatted(names.getOrDefault(operation.service(), "InternalFailure"));
    }
}
