package io.taskscheduler.local.template;

/**
 * A resource of the stack, evaluated.
 *
 * @param name
 *            its physical name; the logical id when the template gives none
 * @param ref
 *            what {@code Ref} gives for it
 */
public record Resource(String logicalId, String type, String name, String ref, Properties properties) {}
