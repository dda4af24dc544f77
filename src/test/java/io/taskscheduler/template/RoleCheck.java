package io.taskscheduler.template;

import io.taskscheduler.local.faults.CallToAws;
import io.taskscheduler.local.template.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What IAM does on AWS, on one machine: a call of a function that its role in the template does not allow is refused. Each right that was used is
 * remembered.
 */
public final class RoleCheck implements Consumer<CallToAws> {

    private final Account account;
    private final Map<String, List<Right>> allowed = new TreeMap<>();
    private final Map<String, Map<Right, String>> reasons = new TreeMap<>();
    private final Map<Use, Long> used = new ConcurrentHashMap<>();
    private final Map<Use, Long> refused = new ConcurrentHashMap<>();

    /** A function and a right that it used, or wanted to. */
    private record Use(String function, Right right) implements Comparable<Use> {

        @Override
        public int compareTo(Use other) {
            int byFunction = function.compareTo(other.function);
            return byFunction != 0 ? byFunction : right.compareTo(other.right);
        }
    }

    /** Of the roles of that template. */
    public RoleCheck(DeployedTemplate template) {
        account = template.account();
        template.functions().forEach(function -> {
            allowed.put(function.logicalId(), Statement.of(template, function).stream().filter(Statement::allows)
                    .flatMap(Right::givenBy).sorted().toList());
            reasons.put(function.logicalId(), Right.ofLambda(template, function));
        });
    }

    @Override
    public void accept(CallToAws call) {
        Optional<String> function = call.function().filter(allowed::containsKey);
        if (function.isEmpty()) {
            return;
        }
        for (Right right : CalledRight.of(call, account)) {
            List<Right> giving = giving(function.get(), right).toList();
            if (giving.isEmpty()) {
                refused.merge(new Use(function.get(), right), 1L, Long::sum);
                throw SdkClientException.create("AccessDenied: " + function.get() + " may not " + right);
            }
            giving.forEach(used -> this.used.merge(new Use(function.get(), used), 1L, Long::sum));
        }
    }

    /** What was asked for without a right, and which rights nobody used: neither the code nor Lambda. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>(refused());
        allowed.forEach((function, rights) -> rights.stream()
                .filter(right -> !used.containsKey(new Use(function, right)))
                .filter(right -> !named(function, right))
                .forEach(right -> faults.add(function + " never used " + right)));
        return faults;
    }

    /** Calls that no role allowed. */
    public List<String> refused() {
        return new TreeSet<>(refused.keySet()).stream().map(use -> use.function + " may not " + use.right).toList();
    }

    /** Each right of each function, and who used it how often. */
    public String table() {
        StringBuilder table = new StringBuilder();
        allowed.forEach((function, rights) -> {
            table.append(function).append('\n');
            rights.forEach(right -> table.append("  %-33s %-90s %s%n".formatted(right.action(), right.resource(),
                    uses(function, right))));
        });
        faults().forEach(fault -> table.append("FAULT: ").append(fault).append('\n'));
        return table.toString();
    }

    private String uses(String function, Right right) {
        Long calls = used.get(new Use(function, right));
        String byCode = calls == null ? "" : calls + (calls == 1 ? " call" : " calls");
        return Stream.of(byCode, reasonOf(function, right)).filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private boolean named(String function, Right right) {
        return !reasonOf(function, right).isEmpty();
    }

    private String reasonOf(String function, Right right) {
        if (right.action().startsWith("xray:")) {
            return "Lambda's tracer sends segments with the function's role";
        }
        return reasons.getOrDefault(function, Map.of()).getOrDefault(right, "");
    }

    private Stream<Right> giving(String function, Right wanted) {
        return allowed.getOrDefault(function, List.of()).stream()
                .filter(right -> right.action().equals(wanted.action()))
                .filter(right -> covers(right.resource(), wanted.resource()));
    }

    private static boolean covers(String pattern, String resource) {
        return Pattern.matches(Stream.of(pattern.split("\\*", -1)).map(Pattern::quote)
                .collect(Collectors.joining(".*")), resource);
    }
}
