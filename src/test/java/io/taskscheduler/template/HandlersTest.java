package io.taskscheduler.template;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ScheduleTaskHandler;
import io.taskscheduler.local.template.FunctionResource;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The functions of the template and the handlers of the code are the same. */
class HandlersTest {

    private static final String PACKAGE = "io.taskscheduler.handler";
    private static final Set<String> HANDLERS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(PACKAGE).stream()
            .filter(c -> c.isAssignableTo(RequestHandler.class) || c.isAssignableTo(RequestStreamHandler.class))
            .map(JavaClass::getName).collect(Collectors.toSet());

    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void every_function_has_a_handler_that_lambda_can_make_and_every_handler_a_function() {
        assertThat(HANDLERS).contains(ScheduleTaskHandler.class.getName(), ExecuteTaskHandler.class.getName());
        assertThat(faults(template)).isEmpty();
    }

    @Test
    void a_misspelt_handler_is_found() {
        assertThat(faults(template.where("ExecuteTaskFunction", "handler.ExecuteTaskHandler", "handler.ExecuteTask")))
                .containsExactly("ExecuteTaskFunction: there is no class io.taskscheduler.handler.ExecuteTask",
                        "io.taskscheduler.handler.ExecuteTaskHandler: no function of the template runs it");
        assertThat(faults(template.where("ExecuteTaskFunction", "ler::handleRequest", "ler::handle")))
                .containsExactly("ExecuteTaskFunction: the handler has no method handle");
    }

    @Test
    void a_handler_that_lambda_cannot_run_is_found() {
        assertThat(faults(template.where("ExecuteTaskFunction", "handler.ExecuteTaskHandler", "handler.Log")))
                .contains("ExecuteTaskFunction: is not in the package of the handlers, or no handler",
                        "ExecuteTaskFunction: Lambda cannot call its constructor");
    }

    @Test
    void a_route_to_a_function_that_takes_no_http_event_is_found() {
        assertThat(faults(template.where("ScheduleTaskIntegration", "!Ref ScheduleTaskFunction.Alias",
                "!Ref ExecuteTaskFunction.Alias")))
                .containsExactly("ExecuteTaskFunction: is behind the API and takes no APIGatewayV2HTTPEvent");
    }

    @Test
    void the_runtime_is_the_java_that_the_handlers_are_compiled_for() throws IOException {
        assertThat(runtimes(template)).containsOnly("java" + releaseOf(ExecuteTaskHandler.class));
        assertThat(runtimes(template.where("Globals", "Runtime: java25", "Runtime: java21"))).containsOnly("java21");
    }

    private static List<String> runtimes(DeployedTemplate template) {
        return template.functions().stream().map(function -> template.resource(function.logicalId()).properties()
                .requiredText("Runtime")).toList();
    }

    /** A class file's bytes 6 and 7 are its version: 44 more than that of the Java it needs. */
    private static int releaseOf(Class<?> compiled) throws IOException {
        try (DataInputStream classFile = new DataInputStream(
                requireNonNull(compiled.getResourceAsStream(compiled.getSimpleName() + ".class")))) {
            classFile.skipNBytes(6);
            return classFile.readUnsignedShort() - 44;
        }
    }

    private static List<String> faults(DeployedTemplate template) {
        List<String> faults = new ArrayList<>();
        Set<String> unused = new TreeSet<>(HANDLERS);
        for (FunctionResource function : template.functions()) {
            String className = function.handler().replaceAll("::.*", "");
            unused.remove(className);
            try {
                Class<?> handler = Class.forName(className, false, HandlersTest.class.getClassLoader());
                faultsOf(handler, function, template.functionsBehindTheApi().contains(function.name()))
                        .forEach(fault -> faults.add(function.logicalId() + ": " + fault));
            } catch (ClassNotFoundException e) {
                faults.add(function.logicalId() + ": there is no class " + className);
            }
        }
        unused.forEach(handler -> faults.add(handler + ": no function of the template runs it"));
        return faults;
    }

    private static List<String> faultsOf(Class<?> handler, FunctionResource function, boolean behindTheApi) {
        List<String> faults = new ArrayList<>();
        if (!HANDLERS.contains(handler.getName())) {
            faults.add("is not in the package of the handlers, or no handler");
        }
        boolean made = Modifier.isPublic(handler.getModifiers())
                && Arrays.stream(handler.getConstructors()).anyMatch(c -> c.getParameterCount() == 0);
        if (!made) {
            faults.add("Lambda cannot call its constructor");
        }
        String method = function.handler().replaceAll(".*::", "");
        List<Method> methods = Arrays.stream(handler.getMethods())
                .filter(m -> m.getName().equals(method) && !m.isBridge()).toList();
        if (methods.isEmpty()) {
            faults.add("the handler has no method " + method);
        }
        if (behindTheApi && Arrays.stream(handler.getDeclaredMethods()).noneMatch(HandlersTest::takesAnHttpEvent)) {
            faults.add("is behind the API and takes no APIGatewayV2HTTPEvent");
        }
        return faults;
    }

    private static boolean takesAnHttpEvent(Method method) {
        return Arrays.asList(method.getParameterTypes()).contains(APIGatewayV2HTTPEvent.class);
    }
}
