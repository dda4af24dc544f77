package io.taskscheduler.domain;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a header's value that a secret is put into when the webhook is sent: <code>Bearer {{secret:billing/token}}</code>. The task holds
 * the name alone.
 */
public final class SecretReference {

    /** What a name may look like, to stand after "must". */
    public static final String RULE = "name a secret as {{secret:name}}, the name 1 to 256 of A-Z a-z 0-9 / _ + = . @ -";

    private static final String OPENING = "{{secret:";
    // Source: the characters of a name in Secrets Manager.
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{secret:([A-Za-z0-9/_+=.@-]{1,256})}}");

    private SecretReference() {}

    /** Whether each reference that is begun in the text is one. */
    public static boolean isWellFormed(String text) {
        return !REFERENCE.matcher(text).replaceAll("").contains(OPENING);
    }

    /** Of the secrets that the texts refer to, in the order of their appearance. */
    public static Set<String> namesIn(Iterable<String> texts) {
        Set<String> names = new LinkedHashSet<>();
        texts.forEach(text -> REFERENCE.matcher(text).results().forEach(found -> names.add(found.group(1))));
        return names;
    }

    /** The text with the secrets in their places; what stands in a secret is not read for references again. */
    public static String fill(String text, Map<String, Secret> secrets) {
        return REFERENCE.matcher(text).replaceAll(found -> {
            Secret secret = secrets.get(found.group(1));
            if (secret == null) {
                throw new IllegalArgumentException("no secret for " + found.group(1));
            }
            return Matcher.quoteReplacement(secret.value());
        });
    }
}
