package io.taskscheduler.template;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.taskscheduler.local.template.FunctionResource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The calls to AWS that a function's code can come to, read from the byte code: from its handler through everything of ours, and from a
 * port to each of its adapters. They are named as IAM names them; one to SQS also by the adapter, for there is one for each queue.
 */
final class AwsCalls {

    static final String BY = " by ";

    private static final String OURS = "io.taskscheduler";
    private static final JavaClasses DEPLOYED = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(OURS);

    private static final String ENHANCED = "software.amazon.awssdk.enhanced.dynamodb";
    private static final String SERVICES = "software.amazon.awssdk.services.";
    /** The service of a client's package, as IAM names it. */
    private static final Map<String, String> PREFIXES = Map.of("dynamodb", "dynamodb", "scheduler", "scheduler", "sqs",
            "sqs", "eventbridge", "events",
            "secretsmanager", "secretsmanager");
    /** What can be asked of a table or a client without a call. */
    private static final Set<String> NOT_CALLS = Set.of("builder", "create", "table", "index", "close", "tableName",
            "tableSchema", "keyFrom", "mapperExtension", "dynamoDbClient");

    private AwsCalls() {}

    static Set<String> reachableFrom(FunctionResource function) {
        return reachableFrom(function.handler().replaceAll("::.*", ""));
    }

    static Set<String> reachableFrom(String handler) {
        Set<String> calls = new TreeSet<>();
        Set<JavaCodeUnit> seen = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>(DEPLOYED.get(handler).getCodeUnits());
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.remove();
            if (!seen.add(unit)) {
                continue;
            }
            targets(unit).forEach(target -> {
                action(unit, target).ifPresent(calls::add);
                next(target).forEach(open::add);
            });
        }
        return calls;
    }

    private static Stream<CodeUnitAccessTarget> targets(JavaCodeUnit unit) {
        return Stream.concat(unit.getCallsFromSelf().stream().map(call -> call.getTarget()),
                unit.getCodeUnitReferencesFromSelf().stream().map(reference -> reference.getTarget()));
    }

    private static Stream<JavaCodeUnit> next(CodeUnitAccessTarget target) {
        if (!target.getOwner().getPackageName().startsWith(OURS)) {
            return Stream.empty();
        }
        Stream<JavaCodeUnit> itself = target.resolveMember().stream().map(JavaCodeUnit.class::cast);
        return target.getOwner().isInterface() ? Stream.concat(itself, implementations(target)) : itself;
    }

    private static Stream<JavaMethod> implementations(CodeUnitAccessTarget target) {
        String[] parameters = target.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
        return target.getOwner().getAllSubclasses().stream()
                .flatMap(adapter -> adapter.tryGetMethod(target.getName(), parameters).stream());
    }

    private static Optional<String> action(JavaCodeUnit caller, CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        boolean table = owner.getPackageName().equals(ENHANCED)
                && Stream.of("Table", "Index", "Client").anyMatch(owner.getSimpleName()::endsWith);
        boolean client = owner.getPackageName().startsWith(SERVICES) && owner.getSimpleName().endsWith("Client")
                && owner.getPackageName().indexOf('.', SERVICES.length()) < 0;
        if ((!table && !client) || NOT_CALLS.contains(name)) {
            return Optional.empty();
        }
        String service = table ? "dynamodb" : owner.getPackageName().substring(SERVICES.length());
        String prefix = Optional.ofNullable(PREFIXES.get(service))
                .orElseThrow(() -> new AssertionError("how does IAM call the service of " + target.getFullName()));
        String action = prefix + ":" + permission(prefix, name);
        return Optional.of(prefix.equals("sqs") ? action + BY + caller.getOwner().getSimpleName() : action);
    }

    /** A paginator makes the call that it is named after, and a batch of messages needs the right to send one. */
    private static String permission(String prefix, String method) {
        String call = method.replaceFirst("Paginator$", "");
        String single = prefix.equals("sqs") ? call.replaceFirst("Batch$", "") : call;
        return single.substring(0, 1).toUpperCase(Locale.ROOT) + single.substring(1);
    }
}
