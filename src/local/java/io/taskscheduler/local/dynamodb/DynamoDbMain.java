package io.taskscheduler.local.dynamodb;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The main class of DynamoDB Local's process: started as {@code DynamoDbMain <address> <port> <DynamoDB Local's options>}, it
 * writes one line {@code listening on <port>} and ends when its standard input does, so that it never outlives whoever
 * started it. It needs no other class of the project and names none of DynamoDB Local's at compile time: their class
 * paths never meet.
 */
public final class DynamoDbMain {
    static final String LISTENING = "listening on ";
    private static final String RUNNER = "software.amazon.dynamodb.services.local.main.ServerRunner";

    private DynamoDbMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        ignoreInterrupt();
        List<String> options = new ArrayList<>(Arrays.asList(arguments).subList(2, arguments.length));
        // The options refuse port 0, a free one, so a placeholder goes in and the connector is told the truth.
        options.addAll(List.of("-port", "8000"));
        Object server = Class.forName(RUNNER).getMethod("createServerFromCommandLineArgs", String[].class).invoke(null,
                (Object) options.toArray(String[]::new));
        Object connector = connector(server);
        connector.getClass().getMethod("setHost", String.class).invoke(connector, arguments[0]);
        connector.getClass().getMethod("setPort", int.class).invoke(connector, Integer.valueOf(arguments[1]));
        server.getClass().getMethod("safeStart").invoke(server);
        System.out.println(LISTENING + connector.getClass().getMethod("getLocalPort").invoke(connector));
        System.out.flush();
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        server.getClass().getMethod("stop").invoke(server);
        System.exit(0);
    }

    /** DynamoDB Local has no option for the address it listens on: without this it is open to the network. */
    private static Object connector(Object server) throws ReflectiveOperationException {
        Field field = server.getClass().getDeclaredField("server");
        field.setAccessible(true);
        Object jetty = field.get(server);
        return ((Object[]) jetty.getClass().getMethod("getConnectors").invoke(jetty))[0];
    }

    /** Ctrl-C reaches every process of the terminal; the store must outlive those who still write to it. */
    private static void ignoreInterrupt() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance("INT"),
                handler.getField("SIG_IGN").get(null));
    }
}
