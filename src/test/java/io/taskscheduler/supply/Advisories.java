package io.taskscheduler.supply;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.aether.util.version.GenericVersionScheme;
import org.eclipse.aether.version.InvalidVersionSpecificationException;

/**
 * Versions of libraries that are known to be vulnerable: lines of {@code ids group:artifact ranges what}. The artifact may be
 * {@code *}; ranges are Maven's, joined by commas; lines that begin with # are comments.
 */
record Advisories(List<Advisory> all) {

    private static final Pattern COLUMNS = Pattern.compile(" +");
    private static final GenericVersionScheme VERSIONS = new GenericVersionScheme();

    Advisories {
        all = List.copyOf(all);
    }

    static Advisories of(Stream<String> lines) {
        return new Advisories(
                lines.filter(line -> !line.isBlank() && !line.startsWith("#")).map(Advisory::of).toList());
    }

    /** One line for each library and advisory that meet. */
    List<String> against(List<Component> components) {
        return components.stream().flatMap(component -> all.stream().filter(each -> each.concerns(component))
                .map(each -> component + " " + each.ids() + ": " + each.what())).toList();
    }

    /** Versions of one library, and what is wrong with them. */
    record Advisory(String ids, String artifact, String ranges, String what) {

        static Advisory of(String line) {
            String[] columns = COLUMNS.split(line, 4);
            if (columns.length < 4 || !columns[1].contains(":")) {
                throw new IllegalArgumentException("not `ids group:artifact ranges what`: " + line);
            }
            Advisory read = new Advisory(columns[0], columns[1], columns[2], columns[3]);
            // A range that cannot be read would let everything pass.
            read.holds("1");
            return read;
        }

        boolean concerns(Component component) {
            boolean group = artifact.endsWith(":*")
                    && component.artifact().startsWith(artifact.substring(0, artifact.length() - 1));
            return (group || artifact.equals(component.artifact())) && holds(component.version());
        }

        private boolean holds(String version) {
            try {
                return VERSIONS.parseVersionConstraint(ranges).containsVersion(VERSIONS.parseVersion(version));
            } catch (InvalidVersionSpecificationException e) {
                throw new IllegalArgumentException(ranges, e);
            }
        }
    }
}
