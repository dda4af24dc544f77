package io.taskscheduler.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.Stack;
import io.taskscheduler.local.template.Template;

/** The small template that the local run's own tests use. */
public final class SampleTemplate {
    private SampleTemplate() {}

    public static String text() {
        try (InputStream in = Objects
                .requireNonNull(SampleTemplate.class.getResourceAsStream("sample-template.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stack stack() {
        return stack(Map.of());
    }

    public static Stack stack(Map<String, String> parameters) {
        return Template.parse(text()).stack(Account.local("http://127.0.0.1:9324"), parameters);
    }
}
