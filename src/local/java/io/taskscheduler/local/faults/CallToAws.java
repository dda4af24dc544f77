package io.taskscheduler.local.faults;

import java.util.Optional;

import software.amazon.awssdk.core.SdkRequest;

/**
 * A call that is about to be made, whatever the SDK tries again within it.
 *
 * @param function
 *            logical id of the function that makes it; empty when the local run itself does
 * @param service
 *            as the SDK names it, such as {@code DynamoDB}
 */
public record CallToAws(Optional<String> function, String service, String operation, SdkRequest request) {}
