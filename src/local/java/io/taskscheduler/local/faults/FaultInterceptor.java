package io.taskscheduler.local.faults;

import java.util.Optional;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.core.interceptor.SdkInternalExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sees every call that an SDK client of this JVM makes: the SDK finds it on the class path, so that the deployed code knows
 * nothing of it. It counts the calls of functions, and leads those that a fault waits for to where they meet it. Whose thread
 * is none of the local run's is left alone.
 */
public final class FaultInterceptor implements ExecutionInterceptor {
    private static final ExecutionAttribute<Call> CALL = new ExecutionAttribute<>(FaultInterceptor.class.getName());

    private record Call(Origin origin, int number) {}

    /** Made by the SDK. */
    public FaultInterceptor() {}

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        Origin.current().ifPresent(origin -> {
            attributes.putAttribute(CALL, new Call(origin, origin.begin()));
            Watch.tell(new CallToAws(origin.function(), attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME),
                    attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), context.request()));
        });
    }

    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        SdkHttpRequest request = context.httpRequest();
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        Optional<AwsService> service = AwsService
                .ofClient(attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME));
        Optional<SdkHttpRequest> led = call(attributes)
                .flatMap(call -> service.flatMap(called -> call.origin().detour(called, operation)
                        .map(detour -> detour.lead(request, called, operation))));
        // Else the client would set its own endpoint again: its interceptors come after those of the class path.
        led.ifPresent(_ -> attributes.putAttribute(SdkInternalExecutionAttribute.IS_DISCOVERED_ENDPOINT, true));
        return led.orElse(request);
    }

    /** Before each try: a process that is gone does not try again. */
    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        call(attributes).ifPresent(call -> call.origin().goOn());
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        call(attributes).ifPresent(call -> call.origin().end(call.number()));
    }

    /** An answer that is an error is an answer too. */
    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        call(attributes).ifPresent(call -> call.origin().end(call.number()));
    }

    private static Optional<Call> call(ExecutionAttributes attributes) {
        return Optional.ofNullable(attributes.getAttribute(CALL));
    }
}
