package io.taskscheduler.local.sqs;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows of every message of every queue when it can next be received, and tells who follows a queue. Who sends a message has no answer
 * before its follower has been told, nor has who receives or deletes one. Safe for use by many threads.
 */
public final class MessageWatch {

    /** Who wants to know of a queue's messages; called one at a time, and must not wait for anything. */
    public interface Follower {

        /** The message can be received from then on, and not before; this replaces what was said of it earlier. */
        void visible(Message message);

        /** The message is no longer in the queue. */
        void gone(String id);
    }

    /**
     * A message that waits.
     *
     * @param receives
     *            how often it has been received
     */
    public record Message(String id, Instant visibleAt, int receives) {}

    private final Map<String, Map<String, Message>> messages = new HashMap<>();
    private final Map<String, Follower> followers = new HashMap<>();
    private final Map<String, Runnable> expected = new HashMap<>();

    /** Tells of the queue's messages, those that are in it already first; a queue has one follower. */
    public synchronized void follow(String queue, Follower follower) {
        if (followers.putIfAbsent(queue, follower) != null) {
            throw new IllegalArgumentException("the queue " + queue + " has a follower already");
        }
        of(queue).values().forEach(follower::visible);
    }

    /** Ends it; nothing is told any more when this returns. */
    public synchronized void unfollow(String queue) {
        followers.remove(queue);
    }

    /** Runs the work when the message is in the queue: at once if it is there. */
    public synchronized void whenIn(String queue, String id, Runnable work) {
        if (of(queue).containsKey(id)) {
            work.run();
        } else {
            expected.put(queue + "/" + id, work);
        }
    }

    synchronized void changed(String queue, Message message) {
        of(queue).put(message.id(), message);
        Follower follower = followers.get(queue);
        if (follower != null) {
            follower.visible(message);
        }
        Runnable work = expected.remove(queue + "/" + message.id());
        if (work != null) {
            work.run();
        }
    }

    synchronized void removed(String queue, String id) {
        of(queue).remove(id);
        Follower follower = followers.get(queue);
        if (follower != null) {
            follower.gone(id);
        }
    }

    private Map<String, Message> of(String queue) {
        return messages.computeIfAbsent(queue, name -> new LinkedHashMap<>());
    }
}
