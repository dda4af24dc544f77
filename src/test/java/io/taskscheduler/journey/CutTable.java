package io.taskscheduler.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What became of each cut, counted. Rows are kinds of cuts; a cut that ended wrongly is in no row. */
final class CutTable {

    private static final Path FILE = Path.of("target", "cuts.txt");

    /** What is counted of a cut. */
    enum Outcome {
        CUTS, ACCEPTED, REFUSED, COMPLETED, FAILED, NO_TASK, ONE_ATTEMPT, TWO_ATTEMPTS, THREE_ATTEMPTS, MORE_ATTEMPTS, EXTRA_CALLS, BY_TIMER, BY_RECONCILER, BY_DEAD_LETTER;

        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private final Map<Cut.Kind, Map<Outcome, Integer>> rows = new EnumMap<>(Cut.Kind.class);
    private final Map<String, Integer> sections = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    synchronized void add(String section, Cut.Kind kind, Iterable<Outcome> outcomes) {
        sections.merge(section, 1, Integer::sum);
        count(kind, Outcome.CUTS);
        outcomes.forEach(outcome -> count(kind, outcome));
    }

    synchronized void note(String line) {
        notes.add(line);
    }

    private void count(Cut.Kind kind, Outcome outcome) {
        rows.computeIfAbsent(kind, k -> new EnumMap<>(Outcome.class)).merge(outcome, 1, Integer::sum);
    }

    /** Prints it and keeps it in {@code target/cuts.txt}. */
    synchronized void publish() {
        String text = text();
        System.out.println(text);
        try {
            Files.writeString(FILE, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder("\n");
        line(text, "what goes wrong", Outcome.values(), Outcome::label);
        Map<Outcome, Integer> sum = new EnumMap<>(Outcome.class);
        Set<Cut.Kind> kinds = new TreeSet<>(rows.keySet());
        for (Cut.Kind kind : kinds) {
            Map<Outcome, Integer> row = rows.getOrDefault(kind, Map.of());
            line(text, kind.toString(), Outcome.values(), outcome -> number(row, outcome));
            row.forEach((outcome, n) -> sum.merge(outcome, n, Integer::sum));
        }
        line(text, "all", Outcome.values(), outcome -> number(sum, outcome));
        sections.forEach((section, n) -> text.append(String.format(Locale.ROOT, "%5d cuts: %s%n", n, section)));
        notes.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static String number(Map<Outcome, Integer> row, Outcome outcome) {
        int n = row.getOrDefault(outcome, 0);
        return n == 0 ? "." : Integer.toString(n);
    }

    private static void line(StringBuilder text, String first, Outcome[] columns,
            Function<Outcome, String> cell) {
        text.append(String.format(Locale.ROOT, "%-34s", first));
        for (Outcome column : columns) {
            text.append(String.format(Locale.ROOT, "%" + (Math.max(4, column.label().length()) + 2) + "s",
                    cell.apply(column)));
        }
        text.append('\n');
    }
}
