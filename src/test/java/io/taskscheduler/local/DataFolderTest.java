package io.taskscheduler.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path folder = Path.of("");

    @Test
    void the_clocks_offset_is_found_again() {
        try (DataFolder first = DataFolder.open(folder)) {
            assertThat(first.clockOffset()).isZero();
            first.clockOffset(Duration.ofDays(3));
            first.clockOffset(Duration.ofDays(4));
        }

        try (DataFolder second = DataFolder.open(folder)) {
            assertThat(second.clockOffset()).isEqualTo(Duration.ofDays(4));
        }
    }

    @Test
    void one_run_at_a_time_has_it() {
        try (DataFolder first = DataFolder.open(folder)) {
            assertThatThrownBy(() -> DataFolder.open(folder)).isInstanceOf(StartFailure.class)
                    .hasMessage("Another local run uses "
                            + folder.toAbsolutePath() + ": end that one, or name another folder with -Dlocal.data=");
            assertThat(first.resolve("lock")).exists();
        }
        DataFolder.open(folder).close();
    }

    @Test
    void what_cannot_be_a_folder_is_named() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> DataFolder.open(file.resolve("data"))).isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("Cannot write to " + file.resolve("data"));
    }
}
