package io.taskscheduler.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The folder that a local run keeps everything in. One run at a time has it; the operating system gives it free when that run
 * ends, however it ends.
 */
final class DataFolder implements AutoCloseable {
    private final Path folder;
    private final FileChannel lock;

    private DataFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes the folder if need be and takes it; a {@link StartFailure} says why that cannot be. */
    static DataFolder open(Path path) {
        Path folder = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder);
            FileChannel lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!locked(lock)) {
                lock.close();
                throw new StartFailure("Another local run uses " + folder
                        + ": end that one, or name another folder with -Dlocal.data=");
            }
            return new DataFolder(folder, lock);
        } catch (IOException e) {
            throw new StartFailure("Cannot write to " + folder + " (" + e
                    + "): name a folder that you may write to with -Dlocal.data=", e);
        }
    }

    /** A part of the folder. */
    Path resolve(String name) {
        return folder.resolve(name);
    }

    /** How far the clock was ahead when the last run ended. */
    Duration clockOffset() {
        Path file = folder.resolve("clock-offset");
        try {
            return Files.exists(file) ? Duration.parse(Files.readString(file).strip()) : Duration.ZERO;
        } catch (IOException | java.time.DateTimeException e) {
            throw new StartFailure(
                    "Cannot read " + file + " (" + e.getMessage() + "): delete it to start at the real time", e);
        }
    }

    /** Keeps the offset for the next run; a killed process leaves the old one or the new one. */
    void clockOffset(Duration offset) {
        try {
            Path fresh = folder.resolve("clock-offset.new");
            Files.writeString(fresh, offset.toString());
            Files.move(fresh, folder.resolve("clock-offset"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException thisProcess) {
            return false;
        }
    }
}
