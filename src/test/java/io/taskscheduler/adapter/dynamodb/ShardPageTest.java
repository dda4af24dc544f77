package io.taskscheduler.adapter.dynamodb;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.TaskList.Entry;
import io.taskscheduler.app.port.TaskList.Found;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardPageTest {

    private static final Entry A1 = entry(0, 1);
    private static final Entry A2 = entry(0, 2);
    private static final Entry B1 = entry(1, 1);
    private static final Entry B5 = entry(1, 5);

    @Test
    void shards_that_have_no_more_are_merged_to_their_end() {
        List<ShardPage> pages = List.of(new ShardPage(List.of(A1, A2), false), new ShardPage(List.of(B5), false),
                new ShardPage(List.of(), false));

        assertThat(ShardPage.merged(pages, true, 10)).isEqualTo(new Found(List.of(A1, A2, B5), false));
        assertThat(ShardPage.merged(pages, true, 3)).isEqualTo(new Found(List.of(A1, A2, B5), false));
        assertThat(ShardPage.merged(pages, true, 2)).isEqualTo(new Found(List.of(A1, A2), true));
        assertThat(ShardPage.merged(List.of(), true, 2)).isEqualTo(new Found(List.of(), false));
    }

    /** The first shard's next entry may come before the second's. */
    @Test
    void it_ends_where_a_shard_that_may_have_more_has_been_used_up() {
        List<ShardPage> pages = List.of(new ShardPage(List.of(A1, A2), true), new ShardPage(List.of(B1, B5), false));

        assertThat(ShardPage.merged(pages, true, 10)).isEqualTo(new Found(List.of(A1, B1, A2), true));
        assertThat(ShardPage.merged(pages, true, 3)).isEqualTo(new Found(List.of(A1, B1, A2), true));
    }

    @Test
    void the_latest_comes_first_where_that_is_the_shards_order() {
        List<ShardPage> pages = List.of(new ShardPage(List.of(A2, A1), false), new ShardPage(List.of(B5), false));

        assertThat(ShardPage.merged(pages, false, 10)).isEqualTo(new Found(List.of(B5, A2, A1), false));
    }

    private static Entry entry(int part, int millis) {
        return new Entry(part, RUN_AT.plusMillis(millis), part + "-" + millis);
    }
}
