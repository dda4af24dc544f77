package io.taskscheduler.handler;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Resource;
import org.crac.RestoreException;

/** Tells of a snapshot, and holds its resources weakly, as Lambda's runtime does. */
final class Hooks extends Context<Resource> {

    private final Set<Resource> resources = Collections.newSetFromMap(new WeakHashMap<>());

    @Override
    public void register(Resource resource) {
        resources.add(resource);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
        if (resources.isEmpty()) {
            throw new CheckpointException("nobody is told");
        }
        for (Resource resource : resources) {
            try {
                resource.beforeCheckpoint(this);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) throws RestoreException {
        for (Resource resource : resources) {
            try {
                resource.afterRestore(this);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
