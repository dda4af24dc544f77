package io.taskscheduler.local;

import java.net.URI;
import java.util.Map;

/** Where the services will listen; fixed before they start, so that they can start side by side. */
record Endpoints(String host, int dynamoDbPort, int sqsPort, int schedulerPort, int secretsManagerPort) {

    static Endpoints choose(LocalOptions options) {
        Ports ports = new Ports(options.bind());
        return new Endpoints(host(options.bind()), ports.choose("dynamodb", options.dynamoDbPort(), 8000),
                ports.choose("sqs", options.sqsPort(), 9324), ports.choose("scheduler", options.schedulerPort(), 9400),
                ports.choose("secretsmanager", options.secretsManagerPort(), 9500));
    }

    URI dynamoDb() {
        return url(dynamoDbPort);
    }

    URI sqs() {
        return url(sqsPort);
    }

    URI scheduler() {
        return url(schedulerPort);
    }

    URI secretsManager() {
        return url(secretsManagerPort);
    }

    Map<String, String> byName(int apiPort) {
        return Map.of("api", url(apiPort).toString(), "dynamodb", dynamoDb().toString(), "sqs", sqs().toString(),
                "scheduler",
                scheduler().toString(), "secretsmanager", secretsManager().toString());
    }

    private URI url(int port) {
        return URI.create("http://" + host + ":" + port);
    }

    /** How clients on this machine reach what listens on the address. */
    private static String host(String bind) {
        return switch (bind) {
            case "0.0.0.0", "::" -> "127.0.0.1";
            default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    }
}
