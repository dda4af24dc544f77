package io.taskscheduler.handler;

/**
 * A fault as it may be written down: what kind, where, because of what and what this program said of it. What a library said is left out, for it
 * may quote what it stumbled over: a parser the word, the SDK a value, AWS the request.
 */
final class BareFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String OURS = "io.taskscheduler.";
    // Causes can go in a circle.
    private static final int DEEPEST = 10;

    private BareFault(Throwable fault, int depth) {
        super(text(fault), fault.getCause() == null || depth == DEEPEST
                ? null
                : new BareFault(fault.getCause(), depth + 1));
        setStackTrace(fault.getStackTrace());
        if (depth < DEEPEST) {
            for (Throwable suppressed : fault.getSuppressed()) {
                addSuppressed(new BareFault(suppressed, depth + 1));
            }
        }
    }

    static BareFault of(Throwable fault) {
        return fault instanceof BareFault bare ? bare : new BareFault(fault, 0);
    }

    private static String text(Throwable fault) {
        StackTraceElement[] places = fault.getStackTrace();
        boolean saidHere = places.length > 0 && places[0].getClassName().startsWith(OURS);
        return saidHere ? fault.toString() : fault.getClass().getName();
    }

    /** As the fault itself would. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message begins with the fault's own kind; this class's name before it would mislead
    public String toString() {
        return String.valueOf(getMessage());
    }
}
