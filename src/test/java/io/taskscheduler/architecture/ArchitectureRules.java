package io.taskscheduler.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What may know what. The rules are made for a root package, so that the same rules can be held against planted violations. */
final class ArchitectureRules {

    private static final Set<String> CLOCK_READS = Set.of("now", "currentTimeMillis", "systemUTC", "systemDefaultZone",
            "system",
            "tickMillis", "tickSeconds", "tickMinutes");

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("the domain knows itself and Java only",
                classes().that().resideInAPackage(in("domain")).should().onlyDependOnClassesThat(
                        resideInAnyPackage(in("domain"), "java.lang..", "java.util..", "java.time..", "java.net",
                                "org.jspecify..")));
        rules.put("the application knows the domain, its ports and Java only",
                classes().that().resideInAPackage(in("app")).should().onlyDependOnClassesThat(
                        resideInAnyPackage(in("domain"), in("app"), "java.lang..", "java.util..", "java.time..",
                                "org.jspecify..")));
        rules.put("ports know the domain only", noClasses().that().resideInAPackage(in("app.port")).should()
                .dependOnClassesThat(resideInAPackage(in("app")).and(not(resideInAPackage(in("app.port"))))));
        rules.put("adapters know ports and the domain only", noClasses().that().resideInAPackage(in("adapter")).should()
                .dependOnClassesThat(resideInAnyPackage(in("handler"), in("wiring"), in("local"))
                        .or(resideInAPackage(in("app")).and(not(resideInAPackage(in("app.port")))))));
        rules.put("adapters do not know each other",
                slices().matching(root + ".adapter.(*)..").should().notDependOnEachOther());
        rules.put("handlers reach adapters through the wiring only",
                noClasses().that().resideInAPackage(in("handler")).should()
                        .dependOnClassesThat(resideInAnyPackage(in("adapter"), in("local"))));
        rules.put("the wiring does not know who asks it", noClasses().that().resideInAPackage(in("wiring")).should()
                .dependOnClassesThat(resideInAnyPackage(in("handler"), in("local"))));
        rules.put("SDK types stop at the adapters", noClasses().that(resideInAPackage(root + "..")
                .and(not(resideInAnyPackage(in("adapter"), in("wiring"))))).should()
                .dependOnClassesThat(resideInAPackage("software.amazon..")));
        rules.put("Lambda types stop at the handlers", noClasses().that(resideInAPackage(root + "..")
                .and(not(resideInAPackage(in("handler"))))).should()
                .dependOnClassesThat(resideInAPackage("com.amazonaws..")));
        rules.put("time is read from the injected clock only", noClasses().that(resideInAPackage(root + "..")
                .and(not(DescribedPredicate.describe("are where the clock comes in",
                        c -> c.getName().equals(root + ".wiring.Components")))))
                .should()
                .accessTargetWhere(readsAClock()));
        rules.put("the environment is read by the wiring only", noClasses().that(resideInAPackage(root + "..")
                .and(not(resideInAPackage(in("wiring"))))).should().callMethod(System.class, "getenv")
                .orShould().callMethod(System.class, "getenv", String.class)
                .orShould().callMethod(System.class, "getProperty", String.class));
        return rules;
    }

    private String in(String role) {
        return root + "." + role + "..";
    }

    private static DescribedPredicate<JavaAccess<?>> readsAClock() {
        return DescribedPredicate.describe("reads a clock of its own", access -> {
            AccessTarget target = access.getTarget();
            String owner = target.getOwner().getName();
            boolean ofTime = owner.startsWith("java.time.") || owner.equals(System.class.getName());
            return (ofTime && CLOCK_READS.contains(target.getName()))
                    || (owner.equals(Date.class.getName()) && target.getName().equals("<init>"));
        });
    }
}
