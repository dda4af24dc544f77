package io.taskscheduler.app;

/**
 * By what a caller's repetition of a request is recognised.
 *
 * @param value    the caller's word for the request; it may be a secret of theirs
 * @param bodyHash the same for every spelling of the same body, and for no other body
 */
public record RequestKey(String value, String bodyHash) {

    @Override
    public String toString() {
        return "RequestKey[***]";
    }
}
