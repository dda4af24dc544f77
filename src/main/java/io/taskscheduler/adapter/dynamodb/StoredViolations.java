package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.Violation;
import java.util.List;

/** What is wrong with a task, as the table holds it. */
final class StoredViolations {

    private StoredViolations() {}

    static List<Document> write(List<Violation> violations) {
        return violations.stream()
                .map(v -> Document.write().text("member", v.member()).text("problem", v.problem()).done()).toList();
    }

    static List<Violation> read(List<Document> violations) {
        return violations.stream().map(v -> new Violation(v.text("member"), v.text("problem"))).toList();
    }
}
