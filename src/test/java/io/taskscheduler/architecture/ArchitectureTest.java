package io.taskscheduler.architecture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final String PLANTED = "io.taskscheduler.architecture.planted";

    private static final JavaClasses DEPLOYED = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.taskscheduler");
    private static final JavaClasses WITH_VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

    @ParameterizedTest
    @MethodSource("names")
    void the_deployed_code_keeps_the_rule(String rule) {
        requireNonNull(new ArchitectureRules("io.taskscheduler").all().get(rule)).check(DEPLOYED);
    }

    /** A rule that cannot fail is none: for each there is a class that breaks it, named after what it does. */
    @ParameterizedTest
    @MethodSource("names")
    void the_rule_catches_its_planted_violation(String rule) {
        assertThat(
                requireNonNull(new ArchitectureRules(PLANTED).all().get(rule)).evaluate(WITH_VIOLATIONS).hasViolation())
                .isTrue();
    }

    static Stream<String> names() {
        return new ArchitectureRules(PLANTED).all().keySet().stream();
    }
}
