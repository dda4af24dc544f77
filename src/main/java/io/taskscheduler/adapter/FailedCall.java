package io.taskscheduler.adapter;

import io.taskscheduler.app.port.Unavailable;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What is told of a call to AWS that failed. */
public final class FailedCall {

    private static final int DEEPEST = 5;

    private FailedCall() {}

    /**
     * With AWS's name of the error, its status and the request's id, by which AWS finds it; without an answer, what kept it away. AWS's message is
     * not told: it may quote what was sent.
     *
     * @param what did not happen
     */
    public static Unavailable unavailable(String what, SdkException e) {
        return new Unavailable(what + ": " + (e instanceof AwsServiceException refused ? text(refused) : kinds(e)), e);
    }

    private static String text(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        String code = details == null || details.errorCode() == null
                ? refused.getClass().getSimpleName()
                : details.errorCode();
        return code + ", status " + refused.statusCode() + ", request " + refused.requestId();
    }

    private static String kinds(SdkException e) {
        List<String> kinds = new ArrayList<>();
        for (Throwable cause = e; cause != null && kinds.size() < DEEPEST; cause = cause.getCause()) {
            kinds.add(cause.getClass().getSimpleName());
        }
        return String.join(" by ", kinds);
    }
}
