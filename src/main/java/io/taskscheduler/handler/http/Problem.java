package io.taskscheduler.handler.http;

import io.taskscheduler.domain.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A refusal as RFC 9457 wants it. Its texts are for the caller: they never name a class, a service's message or anything of another task.
 *
 * @param kind       last part of {@code type}
 * @param violations every fault of the request, empty when the refusal is not about members
 * @param members    that this kind has beside the usual ones
 * @param headers    of the answer, beside the content type
 */
public record Problem(int status, String kind, String title, String detail, List<Violation> violations,
        Map<String, String> members, Map<String, String> headers) {

    private static final int RETRY_AFTER_SECONDS = 5;

    // A request may have a hundred thousand faults, and a batch a hundred such requests; an answer has 6 MB at most (AWS, "Lambda quotas").
    private static final int MOST_TOLD = 50;
    private static final int LONGEST_MEMBER = 200;

    public Problem {
        violations = List.copyOf(violations);
        members = Collections.unmodifiableMap(new TreeMap<>(members));
        headers = Map.copyOf(headers);
    }

    private Problem(int status, String kind, String title, String detail) {
        this(status, kind, title, detail, List.of(), Map.of(), Map.of());
    }

    public static Problem validation(List<Violation> violations) {
        List<Violation> told = new ArrayList<>(violations.stream().limit(MOST_TOLD).map(Problem::shortened).toList());
        if (violations.size() > MOST_TOLD) {
            told.add(new Violation("", "and " + (violations.size() - MOST_TOLD) + " more faults"));
        }
        return new Problem(400, "validation", "The request is not valid",
                "The request has " + violations.size() + (violations.size() == 1 ? " fault" : " faults")
                        + "; nothing was done.",
                told, Map.of(), Map.of());
    }

    Problem withoutViolations() {
        return new Problem(status, kind, title, detail, List.of(), members, headers);
    }

    private static Violation shortened(Violation violation) {
        String member = violation.member();
        return member.length() <= LONGEST_MEMBER
                ? violation
                : new Violation(member.substring(0, LONGEST_MEMBER) + "…", violation.problem());
    }

    static Problem malformed(String why) {
        return new Problem(400, "malformed", "The body cannot be read", why);
    }

    static Problem tooLarge(int most) {
        return new Problem(413, "too-large", "The body is too large",
                "The body may have at most " + most + " bytes.");
    }

    static Problem notJson(String contentType) {
        return new Problem(415, "unsupported-media-type", "The body is not declared as JSON", contentType.isEmpty()
                ? "Send the header content-type: application/json."
                : "Send the header content-type: application/json, in UTF-8; the request has another.");
    }

    public static Problem noSuchTask() {
        return new Problem(404, "task-not-found", "There is no such task",
                "No task has this id: it never existed, or it was removed after its retention.");
    }

    public static Problem noSuchRoute() {
        return new Problem(404, "route-not-found", "There is no such path",
                "GET /openapi.yaml describes what there is.");
    }

    public static Problem methodNotAllowed(String allowed) {
        return new Problem(405, "method-not-allowed", "The path does not take this method",
                "This path takes " + allowed + ".", List.of(), Map.of(), Map.of("Allow", allowed));
    }

    public static Problem keyReused() {
        return new Problem(422, "idempotency-key-reused", "The key has come with another body",
                "An earlier request had this Idempotency-Key and another body; nothing was done. Send a new key with a new task, or the"
                        + " same body to repeat the earlier request.");
    }

    /** An attempt holds the task. */
    public static Problem tooLate(String taskStatus) {
        return state("too_late", "too-late", "The task is running",
                "An attempt is being made; nothing was changed. Its outcome will show in the task.", taskStatus);
    }

    /**
     * The task has come to its end.
     *
     * @param redacted whether what it would need to run again is gone
     */
    public static Problem alreadyFinished(String taskStatus, boolean redacted) {
        String runAgain = redacted
                ? "It has redact: its data was removed when it came to its end, and without that it cannot run again. Schedule it anew;"
                : "POST to its path followed by /run runs it again;";
        return state("already_finished", "already-finished", "The task has come to its end", "Nothing was changed. "
                + runAgain + " a PUT with if_finished: replace puts a new one in its place.", taskStatus);
    }

    private static Problem state(String code, String kind, String title, String detail, String taskStatus) {
        return new Problem(409, kind, title, detail, List.of(), Map.of("code", code, "task_status", taskStatus),
                Map.of());
    }

    /** The task is not the one that the request was meant for. */
    public static Problem preconditionFailed() {
        return new Problem(412, "precondition-failed", "The task is not as the request expects it",
                "If-Match names another version than the task has, or If-None-Match: * was sent and there is a task; nothing was changed.");
    }

    public static Problem internal() {
        return new Problem(500, "internal", "Something went wrong",
                "The fault is on this side; it has been logged under the request's id.");
    }

    /** A needed service did not answer. */
    public static Problem unavailable() {
        return new Problem(503, "unavailable", "A needed service did not answer",
                "The request was not accepted. Try again after " + RETRY_AFTER_SECONDS + " seconds.", List.of(),
                Map.of(), Map.of("Retry-After", Integer.toString(RETRY_AFTER_SECONDS)));
    }
}
