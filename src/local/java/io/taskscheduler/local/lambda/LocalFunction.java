package io.taskscheduler.local.lambda;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.taskscheduler.local.faults.Faults;
import io.taskscheduler.local.faults.Invocation;
import io.taskscheduler.local.template.FunctionResource;

/**
 * One function of the stack. Its handler is made once and serves all runs at once, each on a virtual thread of its own; at
 * most as many run at a time as the template reserves. A run that lasts longer than the function's time-out is interrupted
 * and reported as timed out, whatever it goes on doing: Lambda would have frozen it. A fault can end a run as the end of its
 * process would.
 */
public final class LocalFunction {
    // Lambda has the account's concurrency for them, a thousand. On one machine so many at once only run into each other's time-outs.
    private static final int EVENTS_AT_A_TIME = 100;

    private final FunctionResource resource;
    private final Code code;
    private final Semaphore free;
    private final Semaphore eventsFree = new Semaphore(EVENTS_AT_A_TIME, true);
    private final Faults faults;

    /** One that meets no faults. */
    public LocalFunction(FunctionResource resource, HandlerFactory handlers) {
        this(resource, handlers, new Faults());
    }

    /** One that meets the faults told for it, and whose outside calls meet theirs. */
    public LocalFunction(FunctionResource resource, HandlerFactory handlers, Faults faults) {
        this.resource = resource;
        this.faults = faults;
        this.code = Code.of(handlers.create(resource));
        this.free = new Semaphore(resource.reservedConcurrency().orElse(Integer.MAX_VALUE), true);
    }

    /** What the template says of it. */
    public FunctionResource resource() {
        return resource;
    }

    /** Runs it at once, unless its reserved concurrency is used up. */
    public Outcome invoke(String requestId, byte[] event) throws InterruptedException {
        if (!free.tryAcquire()) {
            return new Outcome.Throttled();
        }
        return holding(requestId, event);
    }

    /** Runs it for an event that can wait: as soon as its reserved concurrency and the events before this one allow. */
    Outcome invokeWhenFree(String requestId, byte[] event) throws InterruptedException {
        eventsFree.acquire();
        try {
            free.acquire();
            return holding(requestId, event);
        } finally {
            eventsFree.release();
        }
    }

    /** Waits until its reserved concurrency allows one more run, and keeps the place for it. */
    public Place place() throws InterruptedException {
        free.acquire();
        return new Place();
    }

    /** Leave to run the function once; to be closed whether it was used or not. */
    public final class Place implements AutoCloseable {
        private Place() {}

        public Outcome run(byte[] event) throws InterruptedException {
            return LocalFunction.this.run(newRequestId(), event);
        }

        @Override
        public void close() {
            free.release();
        }
    }

    /** A reserved concurrency of 0 is how an operator switches a function off. */
    public boolean isSwitchedOff() {
        return resource.reservedConcurrency().orElse(1) == 0;
    }

    static String newRequestId() {
        return UUID.randomUUID().toString();
    }

    private Outcome holding(String requestId, byte[] event) throws InterruptedException {
        try {
            return run(requestId, event);
        } finally {
            free.release();
        }
    }

    private Outcome run(String requestId, byte[] event) throws InterruptedException {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        InvocationContext context = new InvocationContext(resource, requestId);
        Invocation invocation = faults.invocation(resource.logicalId(),
                () -> answer.completeExceptionally(new Exited()));
        Thread thread = Thread.ofVirtual().name(resource.name() + " " + requestId).start(() -> invocation.run(() -> {
            try {
                answer.complete(code.run(event, context));
            } catch (Throwable thrown) {
                answer.completeExceptionally(thrown);
            }
        }));
        try {
            return new Outcome.Answer(answer.get(resource.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exited) {
                return Outcome.Failure.exited(requestId);
            }
            return Outcome.Failure.thrown(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            thread.interrupt();
            return Outcome.Failure.timedOut(requestId, resource.timeout().toMillis() / 1000.0);
        }
    }

    /** The process that a run had is gone. */
    private static final class Exited extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
