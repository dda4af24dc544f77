package io.taskscheduler.local.template;

/** What the template says cannot be followed; the message names the place and what is wrong there. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TemplateException(String place, String problem) {
        super("template.yaml, " + place + ": " + problem);
    }
}
