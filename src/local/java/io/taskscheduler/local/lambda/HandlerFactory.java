package io.taskscheduler.local.lambda;

import io.taskscheduler.local.template.FunctionResource;

/** Makes the object that Lambda would make from a function's {@code Handler}. */
public interface HandlerFactory {

    /**
     * A {@code RequestHandler} or {@code RequestStreamHandler}; an {@link IllegalArgumentException} says in one line why there
     * can be none.
     */
    Object create(FunctionResource function);
}
