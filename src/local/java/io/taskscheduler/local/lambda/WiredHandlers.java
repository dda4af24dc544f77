package io.taskscheduler.local.lambda;

import java.lang.reflect.InvocationTargetException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

import io.taskscheduler.app.port.Pause;
import io.taskscheduler.local.faults.FaultyActions;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.Settings;

/**
 * The deployed handlers, wired by the deployed wiring from the environment that the template gives each function, with a
 * clock of ours, which is waited on our way, and with faults of ours before the webhooks.
 */
public final class WiredHandlers implements HandlerFactory {
    private final String region;
    private final InstantSource clock;
    private final Pause pause;

    public WiredHandlers(String region, InstantSource clock, Pause pause) {
        this.region = region;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public Object create(FunctionResource function) {
        String className = function.handler().split("::", 2)[0];
        try {
            return Class.forName(className).getConstructor(Components.class)
                    .newInstance(new Components(Settings.from(environment(function)), clock, pause,
                            actions -> new FaultyActions(actions, clock)));
        } catch (ClassNotFoundException e) {
            throw refusal(function, "there is no class " + className, e);
        } catch (InvocationTargetException e) {
            throw refusal(function, "its constructor failed: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw refusal(function, className + " has no public constructor that takes " + Components.class.getName(),
                    e);
        } catch (IllegalStateException e) {
            throw refusal(function, String.valueOf(e.getMessage()), e);
        }
    }

    /** The template's variables and those that Lambda adds. */
    private Map<String, String> environment(FunctionResource function) {
        Map<String, String> environment = new HashMap<>(
                Map.of("AWS_REGION", region, "AWS_DEFAULT_REGION", region, "AWS_LAMBDA_FUNCTION_NAME", function.name(),
                        "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                        Integer.toString(function.memoryMegabytes()), "AWS_LAMBDA_LOG_GROUP_NAME",
                        "/aws/lambda/" + function.name()));
        environment.putAll(function.environment());
        return environment;
    }

    private static IllegalArgumentException refusal(FunctionResource function, String why, Exception cause) {
        return new IllegalArgumentException("template.yaml, function " + function.logicalId() + ": " + why, cause);
    }
}
