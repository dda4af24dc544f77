package io.taskscheduler.supply;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of a Maven repository that a class path names. */
record ClassPath(Path repository, List<Path> files) {

    private static final String JUNIT = "org/junit/jupiter/junit-jupiter-api/";

    ClassPath {
        files = List.copyOf(files);
    }

    /** Of the tests and the local run: this process's own. */
    static ClassPath own() {
        return of(System.getProperty("java.class.path"), repositoryOfJunit());
    }

    /** The part of a written class path that comes from this repository. */
    static ClassPath of(String written, Path repository) {
        return new ClassPath(repository, Stream.of(written.split(File.pathSeparator)).map(Path::of)
                .filter(file -> file.startsWith(repository)).toList());
    }

    /** The libraries: the repository's folders are {@code group/artifact/version}. Licences are not known. */
    List<Component> components() {
        return files.stream().map(repository::relativize).map(ClassPath::component).distinct().toList();
    }

    private static Component component(Path path) {
        int names = path.getNameCount();
        String group = path.subpath(0, names - 3).toString().replace(File.separatorChar, '.');
        return new Component(group + ":" + path.getName(names - 3), path.getName(names - 2).toString(), List.of());
    }

    private static Path repositoryOfJunit() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(each -> each.replace(File.separatorChar, '/')).filter(each -> each.contains(JUNIT)).findFirst()
                .map(each -> Path.of(each.substring(0, each.indexOf(JUNIT)))).orElseThrow();
    }
}
