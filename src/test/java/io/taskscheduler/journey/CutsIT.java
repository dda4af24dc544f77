package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.ChangeJourney.Wish;
import io.taskscheduler.journey.Cut.Kind;
import io.taskscheduler.journey.OutsideCalls.Operation;
import io.taskscheduler.local.RunningSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every cut, mechanically: each piece of work is done once for each of its outside calls and each way in which that call can go wrong. Whatever
 * it was, a task that was accepted comes to its end, legally, and its receiver agrees.
 *
 * <p>The calls are found by measurement. Without {@code -Dcuts=all} each kind of cut meets each call of the code once: not again in a task's second
 * attempt, nor where the same call has been cut on another way to it, nor when it is another kind in disguise.
 */
class CutsIT {

    static final boolean EVERYTHING = "all".equals(System.getProperty("cuts"));

    private static final String SCHEDULE = "ScheduleTaskFunction";
    private static final String EXECUTE = "ExecuteTaskFunction";
    private static final String ADOPT = "AdoptTaskFunction";
    private static final String RECONCILE = "ReconcileTasksFunction";

    private static final List<Kind> DEATHS = List.of(Kind.FUNCTION_DIES_BEFORE, Kind.FUNCTION_DIES_AFTER);

    private static final CutTable TABLE = new CutTable();
    private static @Nullable RunningSystem system;
    private static @Nullable Laboratory laboratory;

    private final Laboratory lab = requireNonNull(laboratory);
    private final Verdicts verdicts = new Verdicts(lab);

    @BeforeAll
    static void start() {
        system = RunningSystem.start();
        laboratory = new Laboratory(new Caller(system.api()));
    }

    @AfterAll
    static void end() {
        TABLE.publish();
        requireNonNull(laboratory).close();
        requireNonNull(system).close();
    }

    @TestFactory
    Stream<DynamicTest> a_task_that_is_tried_again() {
        TaskJourney journey = new TaskJourney(lab, verdicts, TABLE, "a task that is tried again", TaskJourney.NEAR,
                Cut.none());
        Cut.Tries tries = lab.triesOfTheSdk();
        OutsideCalls calls = lab.callsOf(List.of(SCHEDULE, EXECUTE), List.of(),
                EVERYTHING ? journey::undisturbed : journey::triedOnce, journey::rest);
        List<Cut> cuts = new ArrayList<>(Cut.ofRequests(calls,
                List.of(Kind.FAILS_ONCE, Kind.FAILS_AT_EVERY_TRY, Kind.IS_REFUSED,
                        Kind.IS_REFUSED_FOR_MINUTES, Kind.LOSES_ONE_ANSWER, Kind.HANGS_ONCE),
                tries, EVERYTHING));
        if (EVERYTHING) {
            cuts.addAll(Cut.ofRequests(calls, List.of(Kind.IS_THROTTLED_ONCE, Kind.HANGS_AT_EVERY_TRY,
                    Kind.IS_THROTTLED_AT_EVERY_TRY, Kind.LOSES_EVERY_ANSWER), tries, true));
        }
        cuts.addAll(Cut.ofDeaths(calls, SCHEDULE, DEATHS, EVERYTHING));
        cuts.addAll(Cut.ofDeaths(calls, EXECUTE,
                List.of(Kind.FUNCTION_DIES_BEFORE, Kind.FUNCTION_DIES_AFTER, Kind.FUNCTION_DIES_UNDER_A_LONG_LEASE),
                EVERYTHING));
        if (!EVERYTHING) {
            // The run that ends the task sets no timer: of all runs it makes the fewest calls.
            OutsideCalls whole = lab.callsOf(List.of(EXECUTE), List.of(), journey::undisturbed);
            cuts.add(Cut.ofDeaths(whole, EXECUTE, List.of(Kind.FUNCTION_DIES_AFTER), false).getFirst());
        }
        cuts.addAll(Cut.ofWebhooks(calls));
        return each(cuts, journey::cut);
    }

    /** What a far task has beyond a near one: its timer, and the run that hands over. */
    @TestFactory
    Stream<DynamicTest> a_far_task() {
        TaskJourney journey = new TaskJourney(lab, verdicts, TABLE, "a far task", TaskJourney.FAR, Cut.none());
        OutsideCalls calls = lab.callsOf(List.of(SCHEDULE, EXECUTE), List.of(),
                EVERYTHING ? journey::undisturbed : journey::handedOver, journey::rest);
        assertThat(calls.requests().keySet()).extracting(OutsideCalls.Operation::name).contains("CreateSchedule",
                "SendMessage");
        List<Cut> cuts = new ArrayList<>(Cut.ofRequests(calls.only(call -> !call.service().equals("dynamodb")),
                List.of(Kind.FAILS_ONCE, Kind.IS_REFUSED, Kind.IS_REFUSED_FOR_MINUTES, Kind.LOSES_ONE_ANSWER),
                lab.triesOfTheSdk(), EVERYTHING));
        cuts.addAll(Cut.ofDeaths(calls, SCHEDULE, List.of(Kind.FUNCTION_DIES_AFTER), EVERYTHING));
        cuts.addAll(Cut.ofDeaths(calls, EXECUTE, DEATHS, EVERYTHING));
        return Stream.concat(each(cuts, journey::cut), Stream.of(quietAfterwards()));
    }

    @TestFactory
    Stream<DynamicTest> what_the_edges_lose_and_repeat() {
        LostAndRepeated journey = new LostAndRepeated(lab, verdicts, TABLE);
        return Stream.concat(journey.all(), Stream.of(quietAfterwards()));
    }

    /** The way on which a task that cannot get its timer is taken back. */
    @TestFactory
    Stream<DynamicTest> a_task_that_is_not_accepted() {
        Cut.Tries tries = lab.triesOfTheSdk();
        OutsideCalls first = lab.callsOf(List.of(SCHEDULE), List.of(),
                new TaskJourney(lab, verdicts, TABLE, "", TaskJourney.NEAR, Cut.none())::onlyScheduled);
        // Its tries write, one after the other, when the take-back has passed already.
        TaskJourney alone = new TaskJourney(lab, verdicts, TABLE, "a task that is not accepted", TaskJourney.NEAR,
                Cut.none());
        List<DynamicTest> tests = new ArrayList<>(each(Cut.ofRequests(
                first.only(each -> each.service().equals("dynamodb")), List.of(Kind.HANGS_AT_EVERY_TRY), tries, false),
                alone::cut)
                .toList());
        for (Cut base : Cut.ofRequests(first, List.of(Kind.IS_REFUSED, Kind.LOSES_EVERY_ANSWER), tries, true)) {
            TaskJourney journey = new TaskJourney(lab, verdicts, TABLE, "a task that is not accepted",
                    TaskJourney.NEAR, base);
            OutsideCalls calls = lab.callsOf(List.of(SCHEDULE), base.faults(), journey::onlyScheduled);
            boolean quick = !base.kind().isDear() || !base.isAt("dynamodb");
            OutsideCalls further = EVERYTHING ? calls : calls.only(each -> !first.requests().containsKey(each));
            // Without a further cut the slow ones are among those of a task that is tried again.
            List<Cut> cuts = new ArrayList<>(quick || EVERYTHING ? List.of(Cut.none()) : List.of());
            cuts.addAll(Cut.ofRequests(further, quick || EVERYTHING
                    ? List.of(Kind.FAILS_ONCE, Kind.IS_REFUSED, Kind.LOSES_ONE_ANSWER, Kind.LOSES_EVERY_ANSWER)
                    : List.of(Kind.IS_REFUSED), tries, EVERYTHING));
            List<Cut> deaths = Cut.ofDeaths(calls, SCHEDULE, DEATHS, EVERYTHING);
            cuts.addAll(quick || EVERYTHING ? deaths : deaths.subList(deaths.size() - 1, deaths.size()));
            cuts.forEach(
                    cut -> tests.add(DynamicTest.dynamicTest(base + ", and " + cut, () -> journey.cut(cut))));
        }
        return Stream.concat(tests.stream(), Stream.of(quietAfterwards()));
    }

    @TestFactory
    Stream<DynamicTest> a_request_that_is_repeated_with_its_key() {
        KeyedJourney journey = new KeyedJourney(lab, verdicts, TABLE);
        Cut.Tries tries = lab.triesOfTheSdk();
        List<DynamicTest> tests = new ArrayList<>();
        OutsideCalls first = journey.firstRequest(SCHEDULE);
        List<Cut> firstCuts = keyedCuts(first, tries);
        firstCuts.forEach(cut -> tests.add(DynamicTest.dynamicTest("the first: " + cut,
                () -> journey.cut(cut, Cut.none()))));
        // After an answer, after a death on the way, and after a refusal.
        List<Cut> before = new ArrayList<>(List.of(Cut.none()));
        before.addAll(Cut.ofDeaths(first, SCHEDULE, List.of(Kind.FUNCTION_DIES_BEFORE), EVERYTHING));
        before.addAll(Cut.ofRequests(first, List.of(Kind.IS_REFUSED), tries, true));
        for (Cut earlier : before) {
            keyedCuts(journey.secondRequest(SCHEDULE, earlier), tries).stream()
                    .filter(cut -> EVERYTHING || !cut.kind().isDear())
                    .forEach(cut -> tests.add(DynamicTest.dynamicTest("the first: " + earlier + ", the second: " + cut,
                            () -> journey.cut(earlier, cut))));
        }
        return Stream.concat(tests.stream(), Stream.of(quietAfterwards()));
    }

    private static List<Cut> keyedCuts(OutsideCalls calls, Cut.Tries tries) {
        List<Cut> cuts = new ArrayList<>(Cut.ofRequests(calls,
                List.of(Kind.IS_REFUSED, Kind.LOSES_ONE_ANSWER, Kind.LOSES_EVERY_ANSWER), tries, EVERYTHING));
        if (EVERYTHING) {
            cuts.addAll(Cut.ofRequests(calls, List.of(Kind.HANGS_ONCE), tries, true));
        }
        cuts.addAll(Cut.ofDeaths(calls, SCHEDULE, DEATHS, EVERYTHING));
        return cuts;
    }

    /**
     * All changes are made by the same few calls: without {@code -Dcuts=all} each of them meets the function's deaths, and a move and a new name
     * the refusals. Who is refused repeats the request; who got no answer does not.
     */
    @TestFactory
    Stream<DynamicTest> a_change_of_a_task() {
        Cut.Tries tries = lab.triesOfTheSdk();
        List<DynamicTest> tests = new ArrayList<>();
        for (Wish wish : Wish.values()) {
            ChangeJourney journey = new ChangeJourney(lab, verdicts, TABLE, wish, Cut.none());
            OutsideCalls calls = journey.calls(SCHEDULE);
            List<Cut> deaths = Cut.ofDeaths(calls, SCHEDULE, DEATHS, EVERYTHING);
            List<Cut> refusals = EVERYTHING
                    ? Cut.ofRequests(calls,
                            List.of(Kind.FAILS_ONCE, Kind.FAILS_AT_EVERY_TRY, Kind.IS_REFUSED, Kind.LOSES_ONE_ANSWER,
                                    Kind.LOSES_EVERY_ANSWER, Kind.IS_THROTTLED_AT_EVERY_TRY, Kind.HANGS_AT_EVERY_TRY),
                            tries, true)
                    : wish == Wish.MOVE || wish == Wish.PUT_CREATE
                            ? Cut.ofRequests(calls.only(Operation::isWrite), List.of(Kind.IS_REFUSED), tries, false)
                            : List.of();
            addChanges(tests, wish, journey, Cut.none(), deaths, EVERYTHING ? List.of(false, true) : List.of(false));
            addChanges(tests, wish, journey, Cut.none(), refusals, EVERYTHING ? List.of(false, true) : List.of(true));
            addUndoings(tests, wish, calls, tries);
        }
        return Stream.concat(tests.stream(), Stream.of(quietAfterwards()));
    }

    /** The way on which a change that cannot get its timer is undone. */
    private void addUndoings(List<DynamicTest> tests, Wish wish, OutsideCalls first, Cut.Tries tries) {
        Cut base = Cut.ofRequests(first.only(call -> !call.service().equals("dynamodb")), List.of(Kind.IS_REFUSED),
                tries, true).getFirst();
        ChangeJourney journey = new ChangeJourney(lab, verdicts, TABLE, wish, base);
        if (EVERYTHING) {
            OutsideCalls calls = journey.calls(SCHEDULE);
            List<Cut> cuts = new ArrayList<>(List.of(Cut.none()));
            cuts.addAll(Cut.ofDeaths(calls, SCHEDULE, DEATHS, true));
            cuts.addAll(Cut.ofRequests(calls.only(call -> call.service().equals("dynamodb")),
                    List.of(Kind.IS_REFUSED, Kind.LOSES_EVERY_ANSWER), tries, true));
            addChanges(tests, wish, journey, base, cuts, List.of(false, true));
        } else if (wish == Wish.MOVE) {
            List<Cut> writes = Cut.ofRequests(journey.calls(SCHEDULE).only(call -> call.name().equals("PutItem")),
                    List.of(Kind.IS_REFUSED), tries, true);
            addChanges(tests, wish, journey, base, List.of(writes.getLast()), List.of(false));
        }
    }

    private static void addChanges(List<DynamicTest> tests, Wish wish, ChangeJourney journey, Cut base, List<Cut> cuts,
            List<Boolean> repeated) {
        for (Cut cut : cuts) {
            for (boolean again : repeated) {
                String name = wish + ": " + (base.faults().isEmpty() ? "" : base + ", and ") + cut
                        + (again ? ", repeated" : "");
                tests.add(DynamicTest.dynamicTest(name, () -> journey.cut(cut, again)));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> a_row_from_elsewhere() {
        RowJourney journey = new RowJourney(lab, verdicts, TABLE);
        Cut.Tries tries = lab.triesOfTheSdk();
        List<DynamicTest> tests = new ArrayList<>();
        for (boolean valid : new boolean[]{true, false}) {
            OutsideCalls calls = lab.callsOf(List.of(ADOPT), List.of(), () -> journey.onlyPut(valid));
            List<Cut> cuts = new ArrayList<>(Cut.ofRequests(calls,
                    List.of(Kind.FAILS_ONCE, Kind.IS_REFUSED, Kind.IS_REFUSED_FOR_MINUTES,
                            Kind.LOSES_ONE_ANSWER, Kind.LOSES_EVERY_ANSWER),
                    tries, EVERYTHING));
            if (EVERYTHING) {
                cuts.addAll(Cut.ofRequests(calls, List.of(Kind.IS_THROTTLED_ONCE, Kind.HANGS_ONCE), tries, true));
            }
            cuts.addAll(Cut.ofDeaths(calls, ADOPT, DEATHS, EVERYTHING));
            cuts.forEach(cut -> tests.add(DynamicTest.dynamicTest((valid ? "valid: " : "invalid: ") + cut,
                    () -> journey.cut(valid, cut))));
        }
        return Stream.concat(tests.stream(), Stream.of(quietAfterwards()));
    }

    @TestFactory
    Stream<DynamicTest> the_reconciler_itself() {
        ReconcilerCuts reconciler = new ReconcilerCuts(lab, verdicts, TABLE);
        Cut.Tries tries = lab.triesOfTheSdk();
        OutsideCalls calls = reconciler.calls(RECONCILE);
        List<Cut> cuts = new ArrayList<>(Cut.ofDeaths(calls, RECONCILE, DEATHS, EVERYTHING));
        cuts.addAll(Cut.ofRequests(EVERYTHING ? calls : calls.onceEachRead(),
                List.of(Kind.IS_REFUSED, Kind.LOSES_ONE_ANSWER),
                tries, EVERYTHING));
        cuts.addAll(Cut.ofRequests(EVERYTHING ? calls : calls.onceEach(),
                List.of(Kind.LOSES_EVERY_ANSWER), tries,
                EVERYTHING));
        cuts.addAll(Cut.ofRequests(EVERYTHING ? calls : calls.only(each -> each.name().equals("SendMessageBatch")),
                List.of(Kind.HANGS_ONCE), tries, EVERYTHING));
        Stream<DynamicTest> end = Stream.of(
                DynamicTest.dynamicTest("and all tasks come to their end", reconciler::allComeToTheirEnd),
                quietAfterwards());
        return Stream.concat(each(cuts, reconciler::cut), end);
    }

    private Stream<DynamicTest> each(List<Cut> cuts, Consumer<Cut> experiment) {
        return cuts.stream().map(cut -> DynamicTest.dynamicTest(cut.toString(), () -> experiment.accept(cut)));
    }

    private DynamicTest quietAfterwards() {
        return DynamicTest.dynamicTest("and nothing happens afterwards", () -> {
            lab.mend();
            lab.caller().pass("PT3H");
            lab.caller().pass("PT5M");
            lab.expectNothingForgotten();
            verdicts.judgeAgain();
        });
    }
}
