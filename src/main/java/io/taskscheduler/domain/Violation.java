package io.taskscheduler.domain;

import java.util.ArrayList;
import java.util.List;

/** One fault of what was asked: the member it concerns, as a path such as {@code payload.url}, and what would be right. */
public record Violation(String member, String problem) {

    private static final int MOST = 20;
    private static final int LONGEST = 200;

    /** The first {@value #MOST}, and how many there are besides; their texts cut to {@value #LONGEST} characters. What is kept of them stays small so. */
    public static List<Violation> few(List<Violation> violations) {
        // The one more may be that of an earlier time.
        boolean all = violations.size() <= MOST + 1;
        List<Violation> few = new ArrayList<>(violations.stream().limit(all ? MOST + 1 : MOST)
                .map(v -> new Violation(cut(v.member()), cut(v.problem()))).toList());
        if (!all) {
            few.add(new Violation("", "and " + (violations.size() - MOST) + " more"));
        }
        return List.copyOf(few);
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text;
    }
}
