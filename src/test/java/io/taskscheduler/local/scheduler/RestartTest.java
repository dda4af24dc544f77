package io.taskscheduler.local.scheduler;

import static io.taskscheduler.local.scheduler.LocalScheduler.OPTIONS;
import static io.taskscheduler.local.scheduler.LocalScheduler.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.ScheduleSummary;
import software.amazon.awssdk.services.scheduler.model.Tag;

// What a killed process leaves is what its file holds at that moment: a copy taken while the server runs.
@Timeout(60)
class RestartTest {

    @TempDir
    Path folder;
    private Path before = Path.of("");
    private Path after = Path.of("");

    @BeforeEach
    void folders() {
        before = folder.resolve("before");
        after = folder.resolve("after");
    }

    @Test
    void everything_that_was_answered_is_there_after_a_kill() throws IOException {
        try (var first = LocalScheduler.in(before, START)) {
            first.client.createScheduleGroup(it -> it.name("tasks"));
            for (var i = 0; i < 30; i++) {
                first.create("t" + i, "at(2026-11-21T11:00:00)",
                        it -> it.groupName("tasks").description("d"));
            }
            first.create("mine", "at(2026-11-21T11:00:00)", it -> it.clientToken("one"));
            first.client.deleteSchedule(it -> it.name("t7").groupName("tasks"));
            kill();
            try (var second = LocalScheduler.in(after, START)) {
                assertThat(summaries(second)).hasSize(29).isEqualTo(summaries(first));
                second.create("mine", "at(2026-11-21T11:00:00)", it -> it.clientToken("one"));
                assertThatThrownBy(() -> second.create("mine", "at(2026-11-21T11:00:00)"))
                        .isInstanceOf(ConflictException.class);
                second.pass(Duration.ofDays(1));
                assertThat(second.targets.calls()).hasSize(30);
            }
        }
    }

    @Test
    void what_became_due_meanwhile_fires_at_once() throws IOException {
        try (var first = LocalScheduler.in(before, START)) {
            first.create("once", "at(2026-11-21T11:00:00)");
            first.create("often", "rate(1 hour)", it -> it.startDate(START.plus(Duration.ofHours(2))));
            kill();
        }
        try (var second = LocalScheduler.in(after, Instant.parse("2026-11-22T00:30:00Z"))) {
            second.pass(Duration.ofMinutes(90));
            assertThat(second.targets.times()).containsExactlyInAnyOrder("once 2026-11-22T00:30:00Z",
                    "often 2026-11-22T00:30:00Z",
                    "often 2026-11-22T01:00:00Z", "often 2026-11-22T02:00:00Z");
        }
    }

    @Test
    void what_has_fired_does_not_fire_again() throws IOException {
        try (var first = LocalScheduler.in(before, START)) {
            first.create("gone", "at(2026-11-21T11:00:00)",
                    it -> it.actionAfterCompletion(ActionAfterCompletion.DELETE));
            first.create("kept", "at(2026-11-21T11:00:00)");
            first.pass(Duration.ofHours(2));
            assertThat(first.targets.calls()).hasSize(2);
            kill();
        }
        try (var second = LocalScheduler.in(after, START.plus(Duration.ofHours(2)))) {
            second.pass(Duration.ofDays(1));
            assertThat(second.targets.calls()).isEmpty();
            assertThat(second.client.listSchedules(_ -> {}).schedules()).hasSize(1);
        }
    }

    @Test
    void a_retry_that_waits_is_made_after_a_kill() throws IOException {
        try (var first = LocalScheduler.in(before, START)) {
            first.targets.failAlways(new TargetFailure("ServiceException", "down", true));
            first.create("t", "at(2026-11-21T11:00:00)");
            first.pass(Duration.ofHours(1).plusSeconds(2));
            assertThat(first.targets.calls()).hasSize(2);
            kill();
        }
        try (var second = LocalScheduler.in(after, Instant.parse("2026-11-21T11:00:02Z"))) {
            second.pass(Duration.ofMinutes(1));
            assertThat(second.targets.calls()).hasSize(1).first().satisfies(call -> {
                assertThat(call.at()).isEqualTo("2026-11-21T11:00:03Z");
                assertThat(call.invocation().attempt()).isEqualTo(3);
                assertThat(call.invocation().scheduledTime()).isEqualTo("2026-11-21T11:00:00Z");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 13, 200})
    void a_write_that_the_kill_cut_short_loses_nothing_that_was_answered(int missing) throws IOException {
        try (var first = LocalScheduler.in(before, START)) {
            for (var i = 0; i < 20; i++) {
                first.create("t" + i, "at(2026-11-21T11:00:00)");
            }
            kill();
        }
        try (var journal = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
            journal.truncate(journal.size() - missing);
        }
        for (var again = 0; again < 2; again++) {
            try (var second = LocalScheduler.in(after, START)) {
                assertThat(second.client.listSchedules(_ -> {}).schedules()).hasSize(19 + again);
                second.create("more" + again, "at(2026-11-21T11:00:00)");
            }
        }
    }

    @Test
    void a_record_that_is_damaged_ends_what_is_read() throws IOException {
        try (var first = LocalScheduler.in(before, START)) {
            first.create("t", "at(2026-11-21T11:00:00)");
            kill();
        }
        var size = Files.size(journal());
        Files.write(journal(), new byte[]{0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9}, StandardOpenOption.APPEND);
        try (var second = LocalScheduler.in(after, START)) {
            assertThat(second.client.listSchedules(_ -> {}).schedules()).hasSize(1);
        }
        assertThat(Files.size(journal())).isLessThanOrEqualTo(size + 100);
    }

    @Test
    void a_journal_that_holds_mostly_what_is_gone_is_short_after_a_restart() throws IOException {
        try (var first = LocalScheduler.in(before, START)) {
            first.create("t", "at(2026-11-21T11:00:00)");
            for (var i = 0; i < 20; i++) {
                first.client.tagResource(
                        it -> it.resourceArn("arn:aws:scheduler:eu-west-1:000000000000:schedule-group/default")
                                .tags(Tag.builder().key("k").value("v").build()));
            }
            kill();
        }
        var size = Files.size(journal());
        try (var second = LocalScheduler.in(after, START)) {
            assertThat(Files.size(journal())).isLessThan(size / 2);
            assertThat(second.client.listSchedules(_ -> {}).schedules()).hasSize(1);
            assertThat(second.client.listTagsForResource(it -> it.resourceArn(
                    "arn:aws:scheduler:eu-west-1:000000000000:schedule-group/default")).tags()).hasSize(1);
        }
    }

    @Test
    void a_folder_in_use_is_refused() {
        try (var first = LocalScheduler.in(before, START)) {
            first.create("t", "at(2026-11-21T11:00:00)");
            assertThatThrownBy(() -> new LocalScheduler(OPTIONS, Optional.of(before), START))
                    .hasCauseInstanceOf(IOException.class).hasMessageContaining("in use");
        }
    }

    private static List<ScheduleSummary> summaries(LocalScheduler scheduler) {
        return scheduler.client.listSchedulesPaginator(it -> it.groupName("tasks").maxResults(9)).schedules().stream()
                .toList();
    }

    private Path journal() {
        return after.resolve("scheduler.journal");
    }

    private void kill() throws IOException {
        Files.createDirectories(after);
        Files.copy(before.resolve("scheduler.journal"), journal());
    }
}
