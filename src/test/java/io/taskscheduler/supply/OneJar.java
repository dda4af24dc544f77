package io.taskscheduler.supply;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Puts the libraries that are deployed into one jar, not compressed: a function that starts has one file to open and nothing to inflate (ADR 29). Needs nothing
 * but Java: it runs from its source while {@code sam build} builds.
 *
 * <p>The jar holds of each library what this Java would load from it, byte by byte, so of classes for several releases of Java the one for this release. What only
 * Java's module path reads is left out. What libraries say of themselves in {@code META-INF} (licences, notices) goes into a folder with the library's name, apart
 * from {@code META-INF/maven}, by which scanners know a library. What two libraries bring under one name is refused: which one
 * is used would depend on the order of the class path. The same libraries in the same order make the same bytes.
 */
final class OneJar {

    // Not the first of January: beside that one Java writes another time, by the machine's time zone.
    private static final LocalDateTime ANY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);
    private static final String MANIFEST = "Manifest-Version: 1.0\r\n\r\n";

    private final Map<String, byte[]> contents = new LinkedHashMap<>();
    private final Map<String, Path> owners = new HashMap<>();

    private OneJar() {}

    /** Arguments: the jar to write, then a class path, of which folders are passed over. */
    public static void main(String[] given) throws IOException {
        List<Path> libraries = new ArrayList<>();
        for (String each : given[1].split(File.pathSeparator, -1)) {
            if (!Files.isDirectory(Path.of(each))) {
                libraries.add(Path.of(each));
            }
        }
        write(Path.of(given[0]), libraries);
    }

    /** Overwrites what is there. After an exception what is there is of no use. */
    static void write(Path output, List<Path> libraries) throws IOException {
        OneJar jar = new OneJar();
        for (Path library : libraries) {
            jar.add(library);
        }
        Files.createDirectories(output.toAbsolutePath().getParent());
        try (OutputStream file = Files.newOutputStream(output); ZipOutputStream zip = new ZipOutputStream(file)) {
            store(zip, JarFile.MANIFEST_NAME, MANIFEST.getBytes(StandardCharsets.US_ASCII));
            for (Map.Entry<String, byte[]> each : jar.contents.entrySet()) {
                store(zip, each.getKey(), each.getValue());
            }
        }
    }

    private void add(Path library) throws IOException {
        try (JarFile jar = new JarFile(library.toFile(), true, ZipFile.OPEN_READ, Runtime.version())) {
            for (Iterator<JarEntry> entries = jar.versionedStream().iterator(); entries.hasNext();) {
                JarEntry entry = entries.next();
                if (!entry.isDirectory() && !leftOut(entry.getName())) {
                    try (InputStream content = jar.getInputStream(entry)) {
                        add(library, entry.getName(), content.readAllBytes());
                    }
                }
            }
        }
    }

    private void add(Path library, String name, byte[] content) throws IOException {
        String target = ofLibraryOnly(name)
                ? "META-INF/libraries/" + library.getFileName() + name.substring("META-INF".length())
                : name;
        Path other = owners.putIfAbsent(target, library);
        if (other != null) {
            throw new IOException(
                    name + " is in " + other + " and in " + library + ": only one of them can be deployed");
        }
        contents.put(target, content);
    }

    private static boolean leftOut(String name) {
        return name.equals(JarFile.MANIFEST_NAME) || name.equals("module-info.class")
                || name.equals("META-INF/INDEX.LIST");
    }

    private static boolean ofLibraryOnly(String name) {
        return name.startsWith("META-INF/") && !name.startsWith("META-INF/services/")
                && !name.startsWith("META-INF/maven/");
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(ANY_TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
