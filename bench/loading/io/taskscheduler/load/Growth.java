package io.taskscheduler.load;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One caller, who asks several systems in turn, so that whatever else the machine does meets all of them alike: a task is scheduled, viewed, found in
 * a page of the list and cancelled.
 */
final class Growth {
    private static final List<String> KINDS = List.of("schedule", "view", "list", "cancel");

    private final List<Line> systems = new ArrayList<>();
    private final double[][][] millis;

    Growth(List<URI> systems, int rounds) throws IOException {
        for (URI system : systems) {
            this.systems.add(new Line(system, Orders.JSON));
        }
        this.millis = new double[systems.size()][KINDS.size()][rounds];
    }

    /** What was found of each system, in their order, after some rounds that do not count. */
    String measure(int warmUp) throws IOException {
        for (int round = -warmUp; round < millis[0][0].length; round++) {
            for (int system = 0; system < systems.size(); system++) {
                double[] took = round(systems.get(system));
                for (int kind = 0; round >= 0 && kind < took.length; kind++) {
                    millis[system][kind][round] = took[kind];
                }
            }
        }
        return Arrays.stream(millis).map(Growth::json).collect(Collectors.joining(", ", "[", "]"));
    }

    private static double[] round(Line line) throws IOException {
        double[] took = new double[KINDS.size()];
        long began = System.nanoTime();
        String task = Orders.schedule(line, "PT14M", "https://example.com/hook");
        began = lap(took, 0, began);
        line.ask("GET", "/tasks/" + task, "", 200);
        began = lap(took, 1, began);
        line.ask("GET", "/tasks?limit=100", "", 200);
        began = lap(took, 2, began);
        line.ask("DELETE", "/tasks/" + task, "", 200);
        lap(took, 3, began);
        return took;
    }

    private static long lap(double[] took, int kind, long began) {
        long now = System.nanoTime();
        took[kind] = (now - began) / 1e6;
        return now;
    }

    private static String json(double[][] kinds) {
        return IntStream.range(0, kinds.length).mapToObj(kind -> "\"%s\": %s".formatted(KINDS.get(kind),
                new Callers.Found(Arrays.stream(kinds[kind]).sorted().toArray(), 1, 0).json()))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
