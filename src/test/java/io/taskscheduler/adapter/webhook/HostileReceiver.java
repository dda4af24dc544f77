package io.taskscheduler.adapter.webhook;

import io.taskscheduler.fixture.RawReceiver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * One that answers badly, and what an attempt at it comes to.
 *
 * @param outcome an error's kind, or a status
 * @param answer  what it does when it has been asked
 */
record HostileReceiver(String name, String outcome, Answer answer) {

    /** Writes to a caller. */
    @FunctionalInterface
    interface Answer {

        void to(Wire caller) throws IOException;
    }

    /** A caller's connection, on which each byte is counted that it takes. */
    record Wire(Socket socket, AtomicLong taken) {

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            for (int from = 0; from < bytes.length; from += BLOCK) {
                int length = Math.min(BLOCK, bytes.length - from);
                out.write(bytes, from, length);
                taken.addAndGet(length);
            }
        }

        void forEver(String text) throws IOException {
            byte[] block = text.repeat(Math.max(1, BLOCK / text.length())).getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                write(block);
            }
        }

        /** A byte each time that nothing has come from the caller for a while. */
        void drip(String beginning) throws IOException {
            write(beginning);
            socket.setSoTimeout(20);
            while (isOpen()) {
                write("x");
            }
        }

        void untilItHangsUp() throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        private boolean isOpen() throws IOException {
            try {
                return socket.getInputStream().read() >= 0;
            } catch (java.net.SocketTimeoutException silent) {
                return true;
            }
        }
    }

    private static final int BLOCK = 8 * 1_024;
    private static final int MEGABYTE = 1 << 20;
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @Override
    public String toString() {
        return name;
    }

    RawReceiver start(AtomicLong taken) throws IOException {
        return new RawReceiver(caller -> {
            // What lies in the kernel counts as taken: keep it little.
            caller.setSendBufferSize(BLOCK);
            answer.to(new Wire(caller, taken));
        });
    }

    static Stream<HostileReceiver> all() {
        return Stream.of(slow(), large(), brokenOff(), heads(), notHttp(), framing(), tempting()).flatMap(s -> s);
    }

    private static Stream<HostileReceiver> slow() {
        return Stream.of(new HostileReceiver("never answers", "timeout", Wire::untilItHangsUp),
                new HostileReceiver("a byte at a time, status line", "timeout", caller -> caller.drip("HTTP/1.1 2")),
                new HostileReceiver("a byte at a time, header", "timeout", caller -> caller.drip(OK + "X: ")),
                new HostileReceiver("a byte at a time, body", "200", caller -> caller.drip(OK + "\r\n")),
                new HostileReceiver("a byte at a time, chunk size", "200",
                        caller -> caller.drip(OK + "Transfer-Encoding: chunked\r\n\r\n1;")),
                new HostileReceiver("body announced, never sent", "200", caller -> {
                    caller.write(OK + "Content-Length: 10\r\n\r\n");
                    caller.untilItHangsUp();
                }),
                new HostileReceiver("endless 100 Continue", "invalid_response",
                        caller -> caller.forEver("HTTP/1.1 100 Continue\r\n\r\n")),
                new HostileReceiver("endless 103 with headers", "invalid_response", caller -> caller
                        .forEver("HTTP/1.1 103 Early Hints\r\nLink: </" + "x".repeat(4_000) + ">\r\n\r\n")));
    }

    private static Stream<HostileReceiver> large() {
        byte[] bomb = gzip();
        return Stream.of(
                new HostileReceiver("100 MB, declared", "200", caller -> {
                    caller.write(OK + "Content-Length: 104857600\r\n\r\n");
                    caller.write(new byte[100 * MEGABYTE]);
                }), new HostileReceiver("100 MB, chunked", "200", caller -> {
                    caller.write(OK + "Transfer-Encoding: chunked\r\n\r\n6400000\r\n");
                    caller.write(new byte[100 * MEGABYTE]);
                    caller.write("\r\n0\r\n\r\n");
                }), new HostileReceiver("endless body", "200", caller -> {
                    caller.write(OK + "\r\n");
                    caller.forEver("x");
                }), new HostileReceiver("endless chunks of one byte", "200", caller -> {
                    caller.write(OK + "Transfer-Encoding: chunked\r\n\r\n");
                    caller.forEver("1\r\nx\r\n");
                }), new HostileReceiver("100 MB with a 500", "500", caller -> {
                    caller.write("HTTP/1.1 500 Oh\r\nContent-Length: 104857600\r\n\r\n");
                    caller.write(new byte[100 * MEGABYTE]);
                }), new HostileReceiver("length beyond 64 bits", "invalid_response", caller -> {
                    caller.write(OK + "Content-Length: 99999999999999999999\r\n\r\n");
                    caller.forEver("x");
                }), new HostileReceiver("gzip, 1 GB of zeros", "200", caller -> {
                    caller.write(OK + "Content-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n\r\n");
                    caller.write(bomb);
                }));
    }

    private static Stream<HostileReceiver> brokenOff() {
        return Stream.of(new HostileReceiver("closes before its answer", "connection_closed", caller -> {}),
                new HostileReceiver("resets before its answer", "connection_closed",
                        caller -> caller.socket().setSoLinger(true, 0)),
                new HostileReceiver("closes in the status line", "connection_closed",
                        caller -> caller.write("HTTP/1.1 20")),
                new HostileReceiver("closes in a header's name", "invalid_response",
                        caller -> caller.write(OK + "Content-Le")),
                // The status is there, and the client takes the end of the stream for the end of the head.
                new HostileReceiver("closes in a header", "200", caller -> caller.write(OK + "X: a")),
                new HostileReceiver("closes between headers", "200",
                        caller -> caller.write(OK + "X: a\r\n")),
                new HostileReceiver("closes in the body", "200",
                        caller -> caller.write(OK + "Content-Length: 100\r\n\r\nhalf")),
                new HostileReceiver("closes in a chunk", "200",
                        caller -> caller.write(OK + "Transfer-Encoding: chunked\r\n\r\nff\r\nhalf")));
    }

    private static Stream<HostileReceiver> heads() {
        String nothing = "Content-Length: 0\r\n\r\n";
        return Stream.of(
                new HostileReceiver("10,000 headers", "invalid_response",
                        caller -> caller.write(OK + "X-Y: z\r\n".repeat(10_000) + "\r\n")),
                new HostileReceiver("endless headers", "invalid_response", caller -> {
                    caller.write(OK);
                    caller.forEver("X-Y: z\r\n");
                }),
                new HostileReceiver("a header of 1 MB", "invalid_response",
                        caller -> caller.write(OK + "X: " + "x".repeat(MEGABYTE) + "\r\n\r\n")),
                new HostileReceiver("an endless header line", "invalid_response", caller -> {
                    caller.write(OK + "X: ");
                    caller.forEver("x");
                }),
                new HostileReceiver("an endless folded header", "invalid_response", caller -> {
                    caller.write(OK + "X: a\r\n");
                    caller.forEver(" folded\r\n");
                }),
                new HostileReceiver("an endless reason", "invalid_response", caller -> {
                    caller.write("HTTP/1.1 200 ");
                    caller.forEver("x");
                }),
                new HostileReceiver("a redirect to 100 KB", "invalid_response", caller -> caller
                        .write("HTTP/1.1 302 Found\r\nLocation: http://" + "x".repeat(100_000) + "\r\n" + nothing)),
                new HostileReceiver("5,000 cookies", "invalid_response",
                        caller -> caller.write(OK + "Set-Cookie: a=b; Domain=.\r\n".repeat(5_000) + nothing)),
                new HostileReceiver("150 cookies", "200",
                        caller -> caller.write(OK + "Set-Cookie: a=b; Domain=.\r\n".repeat(150) + nothing)),
                new HostileReceiver("Retry-After of 10,000 digits", "503", caller -> caller
                        .write("HTTP/1.1 503 No\r\nRetry-After: " + "9".repeat(10_000) + "\r\n" + nothing)),
                new HostileReceiver("Retry-After in the year 9999", "503", caller -> caller
                        .write("HTTP/1.1 503 No\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n" + nothing)),
                new HostileReceiver("Retry-After below zero", "503",
                        caller -> caller.write("HTTP/1.1 503 No\r\nRetry-After: -99999999999\r\n" + nothing)));
    }

    private static Stream<HostileReceiver> notHttp() {
        return Stream.of(new HostileReceiver("no reason", "200", caller -> caller.write("HTTP/1.1 200\r\n\r\n")),
                new HostileReceiver("status 000", "invalid_response",
                        caller -> caller.write("HTTP/1.1 000 OK\r\n\r\n")),
                new HostileReceiver("status 99999", "connection_closed",
                        caller -> caller.write("HTTP/1.1 99999 OK\r\n\r\n")),
                new HostileReceiver("status -1", "connection_closed", caller -> caller.write("HTTP/1.1 -1 OK\r\n\r\n")),
                new HostileReceiver("HTTP/9.9", "invalid_response", caller -> caller.write("HTTP/9.9 200 OK\r\n\r\n")),
                new HostileReceiver("HTTP/0.9", "connection_closed", caller -> caller.write("<html>old</html>\r\n")),
                new HostileReceiver("HTTP/2 settings", "connection_closed",
                        caller -> caller.write("\0\0\u0006\u0004\0\0\0\0\0\0\u0003\0\0\0d")),
                new HostileReceiver("a TLS alert", "connection_closed",
                        caller -> caller.write("\u0015\u0003\u0003\0\u0002\u0002F")),
                new HostileReceiver("an SSH greeting", "connection_closed",
                        caller -> caller.write("SSH-2.0-OpenSSH_9.2\r\n")),
                new HostileReceiver("endless lines before a status", "invalid_response",
                        caller -> caller.forEver("hello\r\n")),
                new HostileReceiver("endless empty lines", "invalid_response", caller -> caller.forEver("\r\n")),
                new HostileReceiver("zeros for ever", "invalid_response", caller -> caller.forEver("\0")),
                new HostileReceiver("a header without a colon", "invalid_response",
                        caller -> caller.write(OK + "no header\r\n\r\n")));
    }

    private static Stream<HostileReceiver> framing() {
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(new HostileReceiver("an endless chunk extension", "200", caller -> {
            caller.write(chunked + "1;");
            caller.forEver("x");
        }), new HostileReceiver("an endless chunk size", "200", caller -> {
            caller.write(chunked);
            caller.forEver("0");
        }), new HostileReceiver("endless trailers", "200", caller -> {
            caller.write(chunked + "1\r\nx\r\n0\r\n");
            caller.forEver("X-Y: z\r\n");
        }), new HostileReceiver("a chunk below zero", "200", caller -> caller.write(chunked + "-1\r\nx\r\n")),
                new HostileReceiver("a chunk beyond 64 bits", "200",
                        caller -> caller.write(chunked + "fffffffffffffffff\r\nx\r\n")),
                new HostileReceiver("two lengths", "invalid_response",
                        caller -> caller.write(OK + "Content-Length: 1\r\nContent-Length: 50\r\n\r\nab")),
                new HostileReceiver("length and chunks", "200", caller -> caller
                        .write(OK + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n")),
                new HostileReceiver("an unknown transfer coding", "invalid_response",
                        caller -> caller.write(OK + "Transfer-Encoding: magic\r\n\r\nx")));
    }

    private static Stream<HostileReceiver> tempting() {
        return Stream.of(new HostileReceiver("101, another protocol", "invalid_response", caller -> {
            caller.write("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
            caller.forEver("x");
        }), new HostileReceiver("two answers at once", "200", caller -> caller
                .write(OK + "Content-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")),
                new HostileReceiver("an unknown charset", "200", caller -> caller
                        .write(OK + "Content-Type: text/plain; charset=\u0001nope\r\nContent-Length: 2\r\n\r\nok")),
                new HostileReceiver("a body of NUL", "200",
                        caller -> caller.write(OK + "Content-Length: 3\r\n\r\n\0\0\0")));
    }

    /** A megabyte that holds a gigabyte: members one after the other are one gzip too. */
    private static byte[] gzip() {
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(member)) {
            out.write(new byte[16 * MEGABYTE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 64; i++) {
            bytes.writeBytes(member.toByteArray());
        }
        return bytes.toByteArray();
    }
}
