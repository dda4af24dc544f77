package io.taskscheduler.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection of HTTP/1.1 that is kept, and every answer on it read to its end. No more than that, so that who asks takes as little as
 * possible of the processors that it shares with who answers.
 */
public final class Line implements AutoCloseable {
    private static final int BUFFER = 16_384;

    private final URI base;
    private final Socket socket;
    private final InputStream input;
    private final String head;

    /** @param headers of every request, each line with its end */
    public Line(URI base, String headers) throws IOException {
        this.base = base;
        this.socket = new Socket(base.getHost(), base.getPort());
        this.socket.setTcpNoDelay(true);
        this.input = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.head = " HTTP/1.1\r\nhost: " + base.getAuthority() + "\r\n" + headers;
    }

    /** What came as an answer. */
    public record Answer(int status, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Asks with a body, which may be empty. */
    public Answer ask(String method, String path, String body) throws IOException {
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        byte[] start = (method + " " + path + head + "content-length: " + text.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[start.length + text.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(text, 0, all, start.length, text.length);
        socket.getOutputStream().write(all);
        return answer();
    }

    /** Too much was asked at once. */
    static final class Overloaded extends IOException {
        private static final long serialVersionUID = 1L;

        Overloaded(String message) {
            super(message);
        }
    }

    /** The same, where any other status than the expected is an exception: {@link Overloaded} for 503. */
    public Answer ask(String method, String path, String body, int expected) throws IOException {
        Answer answer = ask(method, path, body);
        if (answer.status() == 503) {
            throw new Overloaded(base + path);
        }
        if (answer.status() != expected) {
            throw new IOException(
                    method + " " + base + path + " answered " + answer.status() + ": " + answer.text().strip());
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer answer() throws IOException {
        String[] status = line().split(" ", 3);
        int length = 0;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring("content-length:".length()).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.endsWith("chunked");
            }
        }
        return new Answer(Integer.parseInt(status[1]), chunked ? chunks() : input.readNBytes(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(input.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder(64);
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException(base + " hung up");
            }
            if (next != '\r') {
                text.append((char) next);
            }
        }
        return text.toString();
    }
}
