package io.taskscheduler.local.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class MessageWatchTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final MessageWatch watch = new MessageWatch();
    private final List<String> told = new ArrayList<>();

    @Test
    void a_follower_is_told_of_what_is_there_and_then_of_what_happens() {
        watch.changed("q", message("left"));
        watch.changed("q", message("gone"));
        watch.removed("q", "gone");
        watch.follow("q", follower());
        watch.changed("other", message("elsewhere"));
        watch.changed("q", message("new"));
        watch.removed("q", "left");
        watch.unfollow("q");
        watch.changed("q", message("untold"));

        assertThat(told).containsExactly("left", "new", "-left");
    }

    @Test
    void a_queue_has_one_follower() {
        watch.follow("q", follower());

        assertThatThrownBy(() -> watch.follow("q", follower())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void who_waits_for_a_message_in_a_queue_is_told_once_and_at_once_if_it_is_there() {
        watch.whenIn("dead", "m", () -> told.add("came"));
        watch.changed("q", message("m"));
        assertThat(told).isEmpty();
        watch.changed("dead", message("m"));
        watch.changed("dead", message("m"));
        assertThat(told).containsExactly("came");

        watch.whenIn("dead", "m", () -> told.add("was there"));
        assertThat(told).containsExactly("came", "was there");
    }

    private MessageWatch.Follower follower() {
        return new MessageWatch.Follower() {
            @Override
            public void visible(MessageWatch.Message message) {
                told.add(message.id());
            }

            @Override
            public void gone(String id) {
                told.add("-" + id);
            }
        };
    }

    private static MessageWatch.Message message(String id) {
        return new MessageWatch.Message(id, NOON, 0);
    }
}
