package io.taskscheduler.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;

/** What the SDK's table of services says of those that are called, and what is said without it. */
class ServiceRegionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"dynamodb", "sqs", "scheduler", "secretsmanager"})
    void without_the_table_requests_are_signed_for_the_same_region_and_go_to_the_same_place(String service)
            throws IOException, ReflectiveOperationException {
        List<String> ours = Region.regions().stream().filter(region -> !region.isGlobalRegion())
                .map(region -> answer(ServiceMetadata.of(service), region)).toList();

        assertThat(ours).hasSizeGreaterThan(30).isEqualTo(ofTheTable(service));
    }

    /** Else the comparison is one of a thing with itself, and no cold start is shorter. */
    @Test
    void the_table_is_not_in_use() {
        assertThat(ServiceMetadata.of("dynamodb").getClass().getSimpleName()).isEqualTo("DefaultServiceMetadata");
    }

    private static String answer(ServiceMetadata metadata, Region region) {
        return region + " " + metadata.signingRegion(region) + " " + metadata.endpointFor(region);
    }

    /** The same asked of the SDK's libraries alone. */
    private static List<String> ofTheTable(String service) throws IOException, ReflectiveOperationException {
        URL[] libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> path.endsWith(".jar")).map(ServiceRegionsTest::url).toArray(URL[]::new);
        try (URLClassLoader sdk = new URLClassLoader(libraries, ClassLoader.getPlatformClassLoader())) {
            Class<?> regionType = sdk.loadClass(Region.class.getName());
            Class<?> metadataType = sdk.loadClass(ServiceMetadata.class.getName());
            Object metadata = metadataType.getMethod("of", String.class).invoke(null, service);
            assertThat(metadata.getClass().getPackageName()).endsWith("servicemetadata");
            List<String> answers = new ArrayList<>();
            for (Object region : (List<?>) regionType.getMethod("regions").invoke(null)) {
                if (!(boolean) regionType.getMethod("isGlobalRegion").invoke(region)) {
                    answers.add(region + " " + asked(metadataType, "signingRegion", metadata, region) + " "
                            + asked(metadataType, "endpointFor", metadata, region));
                }
            }
            return answers;
        }
    }

    private static Object asked(Class<?> type, String question, Object metadata, Object region)
            throws NoSuchMethodException, IllegalAccessException, InvocationTargetException {
        return type.getMethod(question, region.getClass()).invoke(metadata, region);
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
