package io.taskscheduler.local.scheduler;

/** A request that is refused, with the name and status AWS gives it. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;

    private Refusal(String type, int status, String message) {
        super(message, null, false, false);
        this.type = type;
        this.status = status;
    }

    static Refusal invalid(String message) {
        return new Refusal("ValidationException", 400, message);
    }

    /** Not the JSON that the operation takes. */
    static Refusal unreadable(String message) {
        return new Refusal("SerializationException", 400, message);
    }

    static Refusal quotaExceeded(String message) {
        return new Refusal("ServiceQuotaExceededException", 402, message);
    }

    static Refusal notFound(String message) {
        return new Refusal("ResourceNotFoundException", 404, message);
    }

    static Refusal unknownOperation() {
        return new Refusal("UnknownOperationException", 404, "There is no such operation.");
    }

    static Refusal conflict(String message) {
        return new Refusal("ConflictException", 409, message);
    }

    static Refusal internal() {
        return new Refusal("InternalServerException", 500, "The request failed; the log of the local run says why.");
    }

    String type() {
        return type;
    }

    int status() {
        return status;
    }

    String message() {
        var message = getMessage();
        return message == null ? "" : message;
    }
}
