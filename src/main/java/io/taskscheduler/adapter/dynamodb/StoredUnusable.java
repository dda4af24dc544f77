package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.Unusable;

/** An action that cannot be carried out, as the table holds it. */
final class StoredUnusable {

    private StoredUnusable() {}

    static Document write(Unusable action) {
        return Document.write().text("kind", action.kind()).text("found", action.found())
                .documents("violations", StoredViolations.write(action.violations())).done();
    }

    static Unusable read(Document payload) {
        return new Unusable(payload.text("kind"), payload.text("found"),
                StoredViolations.read(payload.documents("violations")));
    }
}
