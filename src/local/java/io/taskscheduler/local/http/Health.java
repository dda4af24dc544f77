package io.taskscheduler.local.http;

import java.util.Map;

/**
 * What a ready local run tells about itself.
 *
 * @param endpoints
 *            URLs by service
 * @param queueUrls
 *            by logical id
 * @param signingSecret
 *            as receivers take it
 */
public record Health(Map<String, String> endpoints, String table, String scheduleGroup,
        Map<String, String> queueUrls, String signingSecret) {}
