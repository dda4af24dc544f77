package io.taskscheduler.local.scheduler;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/** One page of a listing in the order of the keys, and where the next one begins. */
record Page(List<ObjectNode> items, Optional<String> nextToken) {

    /**
     * @param prefix of the keys
     * @param filter what else the caller asked for, so that a token serves no other question
     * @param item what an entry shows, or nothing when it is filtered out
     */
    static Page of(Table table, String prefix, Query query, String filter,
            BiFunction<String, String, Optional<ObjectNode>> item) {
        var limit = query.maxResults();
        var from = query.nextToken().map(token -> after(token, prefix, filter)).orElse(prefix);
        var items = new ArrayList<ObjectNode>();
        var last = "";
        for (var row : table.from(from).entrySet()) {
            var key = row.getKey();
            if (!key.startsWith(prefix)) {
                break;
            }
            var found = item.apply(key, row.getValue());
            if (found.isPresent() && items.size() == limit) {
                return new Page(items, Optional.of(token(last, prefix, filter)));
            }
            found.ifPresent(items::add);
            last = found.isPresent() ? key : last;
        }
        return new Page(items, Optional.empty());
    }

    ObjectNode json(String name) {
        var json = Json.object();
        json.putArray(name).addAll(items);
        nextToken.ifPresent(token -> json.put("NextToken", token));
        return json;
    }

    private static String token(String last, String prefix, String filter) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(String.join("\n", last, prefix, filter).getBytes(
                StandardCharsets.UTF_8));
    }

    private static String after(String token, String prefix, String filter) {
        try {
            var parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("\n", -1);
            if (parts.length == 3 && parts[1].equals(prefix) && parts[2].equals(filter)) {
                // No name has a space, and none sorts between this and the last one.
                return parts[0] + " ";
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("Invalid NextToken provided.");
        }
        throw Refusal.invalid("Invalid NextToken provided.");
    }
}
