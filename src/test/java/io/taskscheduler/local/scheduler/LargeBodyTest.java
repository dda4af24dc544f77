package io.taskscheduler.local.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LargeBodyTest {

    /** Else a client that keeps its connections, as the SDKs do, sends its next request into a closed one. */
    @Test
    void after_a_body_that_is_too_large_the_connection_serves_the_next_request() throws IOException {
        try (LocalScheduler scheduler = LocalScheduler.inMemory()) {
            URI server = scheduler.server.endpoint();
            try (Socket connection = new Socket(server.getHost(), server.getPort());
                    BufferedReader answers = new BufferedReader(
                            new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))) {
                send(connection, "POST /schedules/t", " ".repeat(2_000_000));
                assertThat(answer(answers)).startsWith("HTTP/1.1 400");

                send(connection, "GET /schedules", "");
                assertThat(answer(answers)).startsWith("HTTP/1.1 200");
            }
        }
    }

    private static void send(Socket connection, String request, String body) throws IOException {
        String text = request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String answer(BufferedReader answers) throws IOException {
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = answers.readLine(); line != null && !line.isEmpty(); line = answers.readLine()) {
            head.append(line).append('\n');
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring("content-length:".length()).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            assertThat(answers.read()).isNotNegative();
        }
        return head.toString();
    }
}
