package io.taskscheduler.local.scheduler;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * The changes of a store in a file, one after another, each as length, checksum and rows. What {@link #append} returned from is in the file
 * when the process is killed; a record that the kill cut short is dropped when it is read again.
 */
final class Journal implements AutoCloseable {

    private static final long LEAST_GROWTH = 16L * 1024 * 1024;

    private final Path file;
    private final FileChannel lock;
    private FileChannel channel;
    private long rewriteAt;

    private Journal(Path file, FileChannel lock, FileChannel channel) {
        this.file = file;
        this.lock = lock;
        this.channel = channel;
    }

    /** Opens or begins the folder's journal; one that is open already, here or in another process, is refused. */
    static Journal open(Path folder) throws IOException {
        Files.createDirectories(folder);
        var lock = FileChannel.open(folder.resolve("scheduler.lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException(folder + " is in use by another process");
            }
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new IOException(folder + " is in use by this process", e);
        }
        var file = folder.resolve("scheduler.journal");
        return new Journal(file, lock, append(file));
    }

    /** Gives every change in turn, up to the first record that is not whole, and forgets that one. To be called once, before all else. */
    void replay(Consumer<RowChange> change) throws IOException {
        var whole = 0L;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            var size = channel.size();
            while (size - whole >= Integer.BYTES + Long.BYTES) {
                var length = in.readInt();
                var checksum = in.readLong();
                if (length <= 0 || length > size - whole - Integer.BYTES - Long.BYTES) {
                    break;
                }
                var rows = in.readNBytes(length);
                if (checksum(rows) != checksum) {
                    break;
                }
                read(rows, change);
                whole += Integer.BYTES + Long.BYTES + length;
            }
        } catch (NoSuchFileException e) {
            throw new IOException("the journal has gone while it was open", e);
        }
        channel.truncate(whole);
        letGrow();
    }

    /** Writes one change, or nothing at all when it fails. */
    void append(List<RowChange> rows) throws IOException {
        var position = channel.size();
        try {
            var record = ByteBuffer.wrap(record(rows));
            while (record.hasRemaining()) {
                channel.write(record);
            }
        } catch (IOException e) {
            channel.truncate(position);
            throw e;
        }
    }

    /** Whether it has grown so much that its rewriting pays. */
    boolean isLong() throws IOException {
        return channel.size() > rewriteAt;
    }

    /** Replaces all that was written by what is true now; a kill meanwhile leaves the old file. */
    void rewrite(Iterator<RowChange> rows) throws IOException {
        var fresh = file.resolveSibling("scheduler.journal.new");
        try (var out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
            while (rows.hasNext()) {
                out.write(record(List.of(rows.next())));
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var old = channel;
        channel = append(file);
        old.close();
        letGrow();
    }

    private void letGrow() throws IOException {
        rewriteAt = channel.size() * 2 + LEAST_GROWTH;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        lock.close();
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private static byte[] record(List<RowChange> rows) throws IOException {
        var content = new ByteArrayOutputStream();
        var data = new DataOutputStream(content);
        for (var row : rows) {
            data.writeByte(row.table());
            write(data, row.key());
            data.writeBoolean(row.after().isPresent());
            if (row.after().isPresent()) {
                write(data, row.after().get());
            }
        }
        var bytes = content.toByteArray();
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES + bytes.length).putInt(bytes.length)
                .putLong(checksum(bytes)).put(bytes)
                .array();
    }

    private static void read(byte[] rows, Consumer<RowChange> change) throws IOException {
        var data = new DataInputStream(new ByteArrayInputStream(rows));
        while (data.available() > 0) {
            var table = data.readByte();
            var key = text(data);
            change.accept(new RowChange(table, key, Optional.empty(),
                    data.readBoolean() ? Optional.of(text(data)) : Optional.empty()));
        }
    }

    private static void write(DataOutputStream data, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private static String text(DataInputStream data) throws IOException {
        return new String(data.readNBytes(data.readInt()), StandardCharsets.UTF_8);
    }

    private static long checksum(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
