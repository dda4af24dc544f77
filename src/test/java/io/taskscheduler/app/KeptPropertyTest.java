package io.taskscheduler.app;

import io.taskscheduler.fake.Cuts.Cut;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The same promises as in the model of the running system, where thousands of lives take seconds: every call of every use case can be cut. */
class KeptPropertyTest {

    /** Something that happens; its text is what a failure shows. */
    sealed interface Happening {

        record Schedule(Duration delay, int maxAttempts, List<Integer> statuses) implements Happening {}

        record CallsAreCut(List<Cut> cuts) implements Happening {}

        record Pass(Duration time) implements Happening {}

        record AllAreWoken() implements Happening {}

        record TimersAreLost() implements Happening {}
    }

    @Property(tries = 2_000)
    void what_was_accepted_is_kept_whichever_call_is_cut(@ForAll("lives") List<Happening> life) {
        KeptWorld world = new KeptWorld();
        for (Happening happening : life) {
            switch (happening) {
                case Happening.Schedule(var delay, var most, var statuses) -> world.schedule(delay, most, statuses);
                case Happening.CallsAreCut(var cuts) -> world.plan(cuts);
                case Happening.Pass(var time) -> world.pass(time);
                case Happening.AllAreWoken() -> world.wakeAll();
                case Happening.TimersAreLost() -> world.loseTimers();
            }
        }
        world.checkAtTheEnd();
    }

    @Provide
    Arbitrary<List<Happening>> lives() {
        Arbitrary<Duration> delays = Arbitraries.of(Duration.ZERO, Duration.ofSeconds(30), Duration.ofMinutes(10));
        Arbitrary<List<Integer>> statuses = Arbitraries.of(200, 503, 404, 0).list().ofMinSize(1).ofMaxSize(3);
        Arbitrary<Happening> schedule = Combinators.combine(delays, Arbitraries.integers().between(1, 3), statuses)
                .as(Happening.Schedule::new);
        Arbitrary<Happening> cuts = Arbitraries.of(Cut.class).list().ofMinSize(1).ofMaxSize(8)
                .map(Happening.CallsAreCut::new);
        Arbitrary<Happening> pass = Arbitraries.of(Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMinutes(4))
                .map(Happening.Pass::new);
        Arbitrary<Happening> others = Arbitraries.of(new Happening.AllAreWoken(), new Happening.TimersAreLost());
        return Arbitraries.oneOf(schedule, cuts, pass, others).list().ofMaxSize(10);
    }
}
