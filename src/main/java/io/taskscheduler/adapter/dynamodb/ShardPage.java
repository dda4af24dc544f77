package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.TaskList.Entry;
import io.taskscheduler.app.port.TaskList.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The next entries of one shard, in the shard's order.
 *
 * @param more whether the shard may have others after them
 */
record ShardPage(List<Entry> entries, boolean more) {

    ShardPage {
        entries = List.copyOf(entries);
    }

    /**
     * The entries of all shards in order of time, and among those of one shard in the shard's order. It ends where a shard has been used up that may
     * have more: nobody knows whether its next entry comes before the others'.
     *
     * @param ascending whether the earliest comes first
     */
    static Found merged(List<ShardPage> pages, boolean ascending, int most) {
        Comparator<Instalment> byTime = Comparator.comparing(next -> next.entry().time());
        PriorityQueue<Instalment> heads = new PriorityQueue<>(Math.max(1, pages.size()),
                ascending ? byTime : byTime.reversed());
        boolean known = true;
        for (ShardPage page : pages) {
            known &= offer(heads, page, 0);
        }
        List<Entry> entries = new ArrayList<>();
        while (known && entries.size() < most && !heads.isEmpty()) {
            Instalment next = heads.remove();
            entries.add(next.entry());
            known = offer(heads, next.page(), next.at() + 1);
        }
        return new Found(entries, !known || !heads.isEmpty());
    }

    /** The entry of a page that comes next. */
    private record Instalment(ShardPage page, int at) {

        Entry entry() {
            return page.entries().get(at);
        }
    }

    /** Whether it is known what comes next in the shard, be it nothing. */
    private static boolean offer(PriorityQueue<Instalment> heads, ShardPage page, int at) {
        if (at < page.entries().size()) {
            heads.add(new Instalment(page, at));
            return true;
        }
        return !page.more();
    }
}
