package io.taskscheduler.journey;

import io.taskscheduler.journey.CountingReceiver.Answer;
import io.taskscheduler.journey.ModelRun.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;
import org.jspecify.annotations.Nullable;

/**
 * Random requests, changes, rows of another program, answers of receivers, faults, lost timers, wake-ups too many, moves of the clock and restarts,
 * against the running system and the model in {@link Asked}. One system serves all tries; each try ends when nothing is open any more.
 *
 * <p>As many tries as {@code pom.xml} says, a fraction of a second each; {@code -Dmodel.tries=20000} for more. A failure prints its seed and the
 * shortest chain of actions that was found to fail; the next run begins with it. A seed of somebody else's goes into
 * {@code @Property(seed = …)}.
 */
class ModelIT {

    private static @Nullable ModelledSystem system;
    private static boolean spoilt;

    @AfterContainer
    static void end() {
        if (system != null) {
            system.close();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE, generation = GenerationMode.RANDOMIZED)
    void what_was_accepted_is_kept_whatever_happens(@ForAll("lives") ActionChain<ModelRun> chain) {
        try {
            chain.withInvariant("at every moment", ModelRun::checkNow).run().checkAtTheEnd();
        } catch (Throwable failure) {
            spoilt = true;
            throw failure;
        }
    }

    private static ModelRun begin() {
        ModelledSystem running = system;
        if (running == null) {
            running = new ModelledSystem();
            system = running;
        }
        if (spoilt) {
            running.clearFaults();
            running.forgetTasks();
            spoilt = false;
        }
        return new ModelRun(running);
    }

    @Provide
    ActionChainArbitrary<ModelRun> lives() {
        return ActionChain.startWith(ModelIT::begin).withMaxTransformations(8)
                .withAction(400, does("schedule", wishes(), (run, wish) -> run.schedule(wish)))
                .withAction(300, does("pass", moves(), ModelRun::pass))
                .withAction(200, does("faults", faults(), ModelRun::tellFaults))
                .withAction(80, does("wake twice", numbers(), ModelRun::wakeTwice))
                .withAction(60, does("put into the line", numbers(), ModelRun::putIntoLine))
                .withAction(60, does("lose timers", numbers(), ModelRun::loseTimers))
                .withAction(60,
                        does("row", rows(), (run, row) -> run.putRow(row.delay, row.valid, row.text, row.script)))
                .withAction(40, does("cancel", numbers(), ModelRun::cancel))
                .withAction(40, does("move", changes(), (run, change) -> run.move(change.which, change.delay)))
                .withAction(40, does("run", numbers(), ModelRun::runNow))
                .withAction(20, does("wrong request", wishes(), (run, wish) -> run.scheduleWrongly(wish)))
                .withAction(2, Action.just("restart", Transformer.mutate("restart", ModelRun::restart)));
    }

    private record Row(Duration delay, boolean valid, boolean text, List<Answer> script) {}

    private record Move(int which, Duration delay) {}

    private interface Does<T> {

        void to(ModelRun run, T value);
    }

    private static <T> Action.Independent<ModelRun> does(String what, Arbitrary<T> values, Does<T> does) {
        return () -> values.map(value -> {
            Consumer<ModelRun> act = run -> does.to(run, value);
            return Transformer.mutate(what + " " + value, act);
        });
    }

    private static Arbitrary<Wish> wishes() {
        Arbitrary<Optional<Duration>> expiry = Arbitraries.of(Duration.ofSeconds(1), Duration.ofMinutes(1),
                Duration.ofHours(1)).optional(0.2);
        return Combinators.combine(delays(), Arbitraries.integers().between(1, 3),
                Arbitraries.of(Duration.ofSeconds(1), Duration.ofSeconds(30)), expiry, Arbitraries.of(false, true),
                scripts()).as(Wish::new);
    }

    private static Arbitrary<Duration> delays() {
        return Arbitraries.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(10),
                Duration.ofHours(2));
    }

    private static Arbitrary<Duration> moves() {
        return Arbitraries.of(Duration.ofSeconds(2), Duration.ofSeconds(31), Duration.ofMinutes(3),
                Duration.ofMinutes(11), Duration.ofHours(2));
    }

    private static Arbitrary<List<Answer>> scripts() {
        return Arbitraries.frequency(Tuple.of(200, Answer.OK), Tuple.of(120, Answer.UNAVAILABLE),
                Tuple.of(30, Answer.NOT_FOUND), Tuple.of(30, Answer.CLOSED), Tuple.of(30, Answer.SLOW),
                Tuple.of(1, Answer.TOO_LATE)).list().ofMinSize(1).ofMaxSize(3);
    }

    private static Arbitrary<Row> rows() {
        return Combinators.combine(delays(), Arbitraries.frequency(Tuple.of(3, true), Tuple.of(1, false)),
                Arbitraries.of(false, true), scripts()).as(Row::new);
    }

    private static Arbitrary<Move> changes() {
        return Combinators.combine(numbers(), delays()).as(Move::new);
    }

    private static Arbitrary<Integer> numbers() {
        return Arbitraries.integers().between(0, 7);
    }

    private static Arbitrary<String> faults() {
        return Arbitraries.oneOf(awsFaults(), webhookFaults(), deaths()).list().ofMinSize(1).ofMaxSize(2)
                .map(list -> "[" + String.join(", ", list) + "]");
    }

    private static Arbitrary<String> awsFaults() {
        Arbitrary<Tuple2<String, String>> calls = Arbitraries.of(Tuple.of("dynamodb", "GetItem"),
                Tuple.of("dynamodb", "PutItem"), Tuple.of("dynamodb", "DeleteItem"), Tuple.of("dynamodb", "Query"),
                Tuple.of("dynamodb", "BatchGetItem"), Tuple.of("scheduler", "CreateSchedule"),
                Tuple.of("sqs", "SendMessage"),
                Tuple.of("sqs", "SendMessageBatch"), Tuple.of("sqs", "ReceiveMessage"),
                Tuple.of("sqs", "DeleteMessageBatch"));
        // After being throttled the SDK waits for a second or more before it tries again.
        Arbitrary<String> kinds = Arbitraries.frequency(Tuple.of(8, "\"status\": 500"),
                Tuple.of(8, "\"when\": \"after\""), Tuple.of(1, "\"error\": \"ThrottlingException\""));
        // It gets over the first two; more make the call fail, which takes it half a second.
        Arbitrary<Integer> times = Arbitraries.frequency(Tuple.of(20, 1), Tuple.of(8, 2), Tuple.of(3, 4),
                Tuple.of(1, 12));
        return Combinators.combine(calls, kinds, times)
                .as((call, kind, often) -> "{\"service\": \"" + call.get1() + "\", \"operation\": \"" + call.get2()
                        + "\", " + kind + ", \"times\": " + often + "}");
    }

    private static Arbitrary<String> webhookFaults() {
        return Combinators.combine(whens(), Arbitraries.integers().between(1, 3)).as((when,
                often) -> "{\"service\": \"webhook\", \"when\": \"" + when + "\", \"times\": " + often + "}");
    }

    private static Arbitrary<String> deaths() {
        Arbitrary<String> functions = Arbitraries.of("ExecuteTaskFunction", "ScheduleTaskFunction",
                "ReconcileTasksFunction", "AdoptTaskFunction");
        return Combinators.combine(functions, Arbitraries.integers().between(1, 5), whens(),
                Arbitraries.integers().between(1, 4)).as(
                        (function, call, when,
                                often) -> "{\"service\": \"lambda\", \"function\": \"" + function
                                        + "\", \"kill_at_call\": "
                                        + call + ", \"when\": \"" + when + "\", \"times\": " + often + "}");
    }

    private static Arbitrary<String> whens() {
        return Arbitraries.of("before", "after");
    }
}
