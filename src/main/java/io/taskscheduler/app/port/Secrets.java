package io.taskscheduler.app.port;

import io.taskscheduler.domain.Secret;
import java.util.Optional;

/** Where secrets are kept, outside the tasks. */
public interface Secrets {

    /**
     * The secret's text, at most {@value #OLDEST_MINUTES} minutes old; older only while the store does not answer.
     *
     * @param id the whole name, or the ARN
     * @return empty when there is none
     * @throws Unavailable when the store did not answer and no text is known
     */
    Optional<Secret> find(String id);

    /** Source: a secret that is rotated with both values valid for this long is never missed. */
    int OLDEST_MINUTES = 5;
}
