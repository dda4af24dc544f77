package io.taskscheduler.local.clock;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is in flight on an {@link Agenda}, and how much of it really works. Guarded by the agenda's lock. */
final class Flight {

    private final Set<Track> tracks = new LinkedHashSet<>();
    private int working;

    Track add(Track track) {
        tracks.add(track);
        track.working = 1;
        working++;
        return track;
    }

    /** Whatever of it worked works no more; nothing happens when it has ended already. */
    void remove(Track track) {
        change(track, -track.working);
        tracks.remove(track);
    }

    /** So many more of the track's threads work, or fewer; those of a track that has ended are nobody's concern. */
    void change(Track track, int by) {
        if (tracks.contains(track)) {
            track.working += by;
            working += by;
        }
    }

    boolean isQuiet() {
        return working == 0;
    }

    boolean has(Track track) {
        return tracks.contains(track);
    }

    /** The oldest first, without what only pauses. */
    List<String> names() {
        return tracks.stream().filter(track -> track.working > 0).map(Track::toString).toList();
    }
}
