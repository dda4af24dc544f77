package io.taskscheduler.supply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What files of a Maven repository must be made of: SHA-256 by path in the repository, in the format of {@code sha256sum}. */
record Checksums(Map<String, String> byPath) {

    Checksums {
        byPath = Map.copyOf(byPath);
    }

    static Checksums of(Stream<String> lines) {
        return new Checksums(lines.filter(line -> !line.isBlank()).map(line -> line.split(" +", 2))
                .collect(Collectors.toMap(each -> each[1], each -> each[0])));
    }

    /** One line for each of the files that has no checksum. */
    List<String> missing(Path repository, List<Path> files) {
        return files.stream().map(file -> path(repository, file)).filter(path -> !byPath.containsKey(path)).sorted()
                .map(path -> path + " has no checksum").toList();
    }

    /** One line for each of the files that is made of something else. */
    List<String> different(Path repository, List<Path> files) {
        return files.stream().filter(file -> byPath.containsKey(path(repository, file)))
                .filter(file -> !sha256(file).equals(byPath.get(path(repository, file))))
                .map(file -> path(repository, file) + " has other bytes than it was chosen with").sorted().toList();
    }

    private static String path(Path repository, Path file) {
        return repository.relativize(file).toString().replace('\\', '/');
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
