package io.taskscheduler.local;

import static io.taskscheduler.local.SideBySide.async;
import static io.taskscheduler.local.SideBySide.done;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.taskscheduler.app.port.Pause;
import com.nimbusds.jose.jwk.JWKSet;

import io.taskscheduler.local.auth.Authorizers;
import io.taskscheduler.local.auth.LocalIssuer;
import io.taskscheduler.local.auth.SignatureCheck;
import io.taskscheduler.local.auth.TokenCheck;
import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.AgendaPause;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.dynamodb.DynamoDbProcess;
import io.taskscheduler.local.dynamodb.ExpiredItems;
import io.taskscheduler.local.dynamodb.Tables;
import io.taskscheduler.local.faults.Faults;
import io.taskscheduler.local.http.Endpoint;
import io.taskscheduler.local.http.Gateway;
import io.taskscheduler.local.http.Health;
import io.taskscheduler.local.http.LocalApi;
import io.taskscheduler.local.http.LocalHttpServer;
import io.taskscheduler.local.http.Problem;
import io.taskscheduler.local.lambda.AsyncEvents;
import io.taskscheduler.local.lambda.FileAsyncEvents;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.lambda.WiredHandlers;
import io.taskscheduler.local.scheduler.SchedulerOptions;
import io.taskscheduler.local.scheduler.SchedulerServer;
import io.taskscheduler.local.secrets.SecretsManager;
import io.taskscheduler.local.sources.EventSources;
import io.taskscheduler.local.sqs.MessageWatch;
import io.taskscheduler.local.sqs.Queues;
import io.taskscheduler.local.sqs.SqsServer;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.TableResource;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * The whole system, running. Everything that the template needs is started, side by side where nothing depends on the other;
 * closing it ends all of it, also in the middle of its start.
 */
final class LocalRun implements AutoCloseable {
    private static final Duration BETWEEN_EXPIRIES = Duration.ofMinutes(10);

    private final LocalOptions options;
    private final Path project;
    private final Consumer<String> broken;
    private final Parts parts = new Parts();

    /**
     * @param project
     *            the folder with {@code template.yaml} and {@code target}
     * @param broken
     *            told in one line when something that is needed has ended by itself
     */
    LocalRun(LocalOptions options, Path project, Consumer<String> broken) {
        this.options = options;
        this.project = project;
        this.broken = broken;
    }

    /** Starts everything and gives what to tell the user; a {@link StartFailure} says why it cannot. */
    String start() {
        Faults faults = parts.add(new Faults());
        return faults.asLauncher(() -> start(faults));
    }

    private String start(Faults faults) {
        Optional<DataFolder> data = options.data().map(folder -> parts.add(DataFolder.open(folder)));
        VirtualClock clock = new VirtualClock(InstantSource.system(),
                data.map(DataFolder::clockOffset).orElse(Duration.ZERO));
        Agenda agenda = parts.add(new Agenda(clock));
        Optional<LocalIssuer> issuer = options.auth() == LocalOptions.Auth.JWT
                ? Optional.of(LocalIssuer.create(clock))
                : Optional.empty();
        LocalApi api = new LocalApi(clock, agenda, offset -> data.ifPresent(folder -> folder.clockOffset(offset)),
                issuer.<Endpoint>map(tokens -> tokens).orElse(request -> Problem.unknownRoute(request.rawPath())));
        LocalHttpServer http = parts.add(listen(api));
        Endpoints endpoints = Endpoints.choose(options);
        DeclaredStack declared = DeclaredStack.read(project.resolve("template.yaml"), endpoints.sqs().toString(),
                options);
        leadTheSdk(declared.region(), endpoints);
        secretsManager(endpoints, declared);

        CompletableFuture<DynamoDbClient> dynamoDb = async(() -> dynamoDb(endpoints, declared.tables(), data));
        MessageWatch watch = new MessageWatch();
        CompletableFuture<Queues> queues = async(() -> queues(endpoints, declared, clock, watch, data));
        CompletableFuture<List<LocalFunction>> code = async(
                () -> code(declared, clock, new AgendaPause(agenda), faults));
        CompletableFuture<AsyncEvents> events = async(() -> events(data));

        DynamoDbClient tables = done(dynamoDb);
        Functions functions = new Functions(done(code), agenda, clock, done(events),
                LocalTargets.destinations(done(queues)));
        scheduler(endpoints, declared, clock, agenda, new LocalTargets(functions, done(queues)), data);
        ExpiredItems.of(tables, declared.tables(), clock)
                .forEach(items -> agenda.everyInBackground(BETWEEN_EXPIRIES, "deletion of what time to live ended",
                        items::delete));
        functions.resume();
        parts.add(EventSources.start(declared.eventSources(), new EventSources.Surroundings(functions,
                LocalTargets.destinations(done(queues)), done(queues).client(), watch, tables,
                streams(),
                data.map(folder -> folder.resolve("streams")), agenda, clock)));

        Health health = new Health(endpoints.byName(http.port()), declared.tableName(), declared.scheduleGroupName(),
                declared.queues()
                        .stream().collect(Collectors.toUnmodifiableMap(QueueResource::logicalId, QueueResource::url)),
                declared.signingSecret());
        Authorizers authorizers = new Authorizers(
                new TokenCheck(issuer.map(LocalIssuer::keys).orElseGet(JWKSet::new), clock),
                // Callers sign by their machine's clock, and it stays where it is when the one here is moved.
                new SignatureCheck(declared.region(), declared.accountId(), InstantSource.system()));
        api.ready(new Gateway(declared.routes(), declared.cors(), authorizers, functions, clock, declared.accountId()),
                health,
                faults.control(declared.functions().stream().map(FunctionResource::logicalId)
                        .collect(Collectors.toUnmodifiableSet())));
        parts.add(api::ending);
        return Banner.of(http.port(), health, options);
    }

    @Override
    public void close() {
        parts.close();
    }

    private LocalHttpServer listen(LocalApi api) {
        try {
            return LocalHttpServer.start(options.bind(), options.port(), api);
        } catch (java.net.BindException taken) {
            throw new StartFailure("Port " + options.port() + " is taken on " + options.bind()
                    + ": end what listens there, or choose another port with -Dlocal.port=", taken);
        } catch (IOException e) {
            throw new StartFailure("Nothing can listen on " + options.bind() + " (" + e.getMessage()
                    + "): give -Dlocal.bind= an address of this machine", e);
        }
    }

    private void leadTheSdk(String region, Endpoints endpoints) {
        try {
            LocalHttpServer nowhere = parts.add(LocalHttpServer.start("127.0.0.1", 0, AwsSettings.NOT_EMULATED));
            AwsSettings.set(region, endpoints, nowhere.port());
        } catch (IOException e) {
            throw new StartFailure("Nothing can listen on 127.0.0.1: " + e.getMessage(), e);
        }
    }

    private void secretsManager(Endpoints endpoints, DeclaredStack declared) {
        try {
            parts.add(LocalHttpServer.start(options.bind(), endpoints.secretsManagerPort(),
                    new SecretsManager(declared.secrets(), options.secrets())));
        } catch (IOException e) {
            throw new StartFailure("Secrets Manager could not be started: " + e.getMessage(), e);
        }
    }

    private DynamoDbClient dynamoDb(Endpoints endpoints, List<TableResource> declared, Optional<DataFolder> data)
            throws IOException {
        Path build = project.resolve("target");
        DynamoDbProcess process = parts.add(DynamoDbProcess.start(new DynamoDbProcess.Options(
                build.resolve(DynamoDbProcess.CLASS_PATH_FILE), options.bind(), endpoints.dynamoDbPort(),
                data.map(folder -> folder.resolve("dynamodb")),
                data.map(folder -> folder.resolve("dynamodb-local.log")).orElse(build.resolve("dynamodb-local.log")))));
        var _ = process.ended().thenRun(
                () -> broken.accept("DynamoDB Local has ended by itself, and the local run with it: start it again"));
        DynamoDbClient client = parts
                .add(DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build());
        declared.forEach(table -> new Tables(client).create(table, table.name()));
        return client;
    }

    private DynamoDbStreamsClient streams() {
        return parts.add(DynamoDbStreamsClient.builder().httpClient(UrlConnectionHttpClient.create()).build());
    }

    private Queues queues(Endpoints endpoints, DeclaredStack declared, VirtualClock clock, MessageWatch watch,
            Optional<DataFolder> data) throws IOException {
        SqsServer server = parts
                .add(SqsServer.start(new SqsServer.Options(options.bind(), endpoints.sqsPort(), declared.region(),
                        declared.accountId(), data.map(folder -> folder.resolve("sqs"))), clock, watch));
        return parts.add(Queues.create(server.endpoint(), declared.region(), declared.queues()));
    }

    private static List<LocalFunction> code(DeclaredStack declared, VirtualClock clock, Pause pause, Faults faults) {
        WiredHandlers handlers = new WiredHandlers(declared.region(), clock, pause);
        return declared.functions().stream().map(function -> new LocalFunction(function, handlers, faults)).toList();
    }

    private static AsyncEvents events(Optional<DataFolder> data) throws IOException {
        return data.isPresent() ? new FileAsyncEvents(data.get().resolve("lambda-events")) : AsyncEvents.inMemory();
    }

    private void scheduler(Endpoints endpoints, DeclaredStack declared, VirtualClock clock, Agenda agenda,
            LocalTargets targets,
            Optional<DataFolder> data) {
        SchedulerOptions exact = SchedulerOptions.exact(declared.region(), declared.accountId());
        try {
            parts.add(SchedulerServer.start(new InetSocketAddress(options.bind(), endpoints.schedulerPort()),
                    options.spreadTimers() ? exact.spreadBy(0) : exact, clock, agenda, targets,
                    data.map(folder -> folder.resolve("scheduler"))));
        } catch (IOException e) {
            throw new StartFailure("EventBridge Scheduler could not be started: " + e.getMessage(), e);
        }
        declared.createScheduleGroups();
    }
}
