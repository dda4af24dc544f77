package io.taskscheduler.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Starts parts on threads of their own. What keeps one from starting is a {@link StartFailure} where the part is asked for. */
final class SideBySide {
    private SideBySide() {}

    static <T> CompletableFuture<T> async(Callable<T> part) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(part.call());
            } catch (FileSystemException e) {
                result.completeExceptionally(
                        new StartFailure(
                                "Cannot write to " + e.getFile() + ": make it writable for you, or use another folder",
                                e));
            } catch (IOException | IllegalArgumentException e) {
                result.completeExceptionally(new StartFailure(String.valueOf(e.getMessage()), e));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    static <T> T done(CompletableFuture<T> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StartFailure failure) {
                throw failure;
            }
            throw e;
        }
    }
}
