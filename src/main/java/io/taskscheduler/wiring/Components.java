package io.taskscheduler.wiring;

import io.taskscheduler.adapter.clock.SleepingPause;
import io.taskscheduler.adapter.dynamodb.DynamoDbFinishedTasks;
import io.taskscheduler.adapter.dynamodb.DynamoDbForeignRows;
import io.taskscheduler.adapter.dynamodb.DynamoDbOpenTasks;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskSizes;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskList;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.adapter.scheduler.SchedulerTimers.TimerTarget;
import io.taskscheduler.adapter.scheduler.SchedulerTimers;
import io.taskscheduler.adapter.sqs.SqsTimers;
import io.taskscheduler.adapter.sqs.SqsWakeUps;
import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.adapter.secretsmanager.SecretsManagerSecrets;
import io.taskscheduler.adapter.webhook.WebhookActions;
import io.taskscheduler.adapter.webhook.WebhookPreflight;
import io.taskscheduler.adapter.webhook.WebhookSettings;
import io.taskscheduler.app.AdoptTask;
import io.taskscheduler.app.Attempts;
import io.taskscheduler.app.ChangeTask;
import io.taskscheduler.app.CheckInvariant;
import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.app.FindTask;
import io.taskscheduler.app.ListTasks;
import io.taskscheduler.app.MeasureLateness;
import io.taskscheduler.app.NearAndFarTimers;
import io.taskscheduler.app.PreviewTask;
import io.taskscheduler.app.ReconcileTasks;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.ScheduleTasks;
import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.app.port.Pause;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.WakeUps;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Who stands behind which port. One instance serves a function for as long as it lives; its parts are safe for concurrent use. What only some
 * functions need is made for those that ask.
 *
 * <p>A function never closes them: it does not learn of its end.
 */
public final class Components implements AutoCloseable {

    private final Settings settings;
    private final InstantSource clock;
    private final Pause pause;
    private final UnaryOperator<Actions> around;
    private final AwsClients clients;
    private final DynamoDbClient dynamoDb;
    private final TimeIndex index;
    private final Queue<WebhookActions> webhooks = new ConcurrentLinkedQueue<>();

    /**
     * Wires a function.
     *
     * @param pause  waits on the clock
     * @param around stands before what carries actions out
     */
    public Components(Settings settings, InstantSource clock, Pause pause, UnaryOperator<Actions> around) {
        this(settings, clock, pause, around, new AwsClients(settings.region()));
    }

    private Components(Settings settings, InstantSource clock, Pause pause, UnaryOperator<Actions> around,
            AwsClients clients) {
        this.settings = settings;
        this.clock = clock;
        this.pause = pause;
        this.around = around;
        this.clients = clients;
        this.dynamoDb = clients.dynamoDb();
        this.index = new TimeIndex(settings.indexShards(), settings.taskRetentionDays());
    }

    /** What a deployed function runs with: its environment and the system's clock. */
    public static Components ofEnvironment() {
        InstantSource clock = InstantSource.system();
        return new Components(Settings.from(System.getenv()), clock, new SleepingPause(clock),
                UnaryOperator.identity());
    }

    /**
     * The same wiring, sharing nothing with this, to go through what the function does without doing it: it calls the stand-in and nobody else,
     * never waits, and knows no secret.
     *
     * @param standIn answers on this machine in the place of AWS and of the receivers of webhooks
     */
    public Components rehearsing(URI standIn) {
        return new Components(settings.rehearsing(), clock, instant -> {}, UnaryOperator.identity(),
                new AwsClients(settings.region(), Optional.of(standIn)));
    }

    /** Nothing of them can be used any more. */
    @Override
    public void close() {
        webhooks.forEach(WebhookActions::close);
        clients.close();
    }

    public Settings settings() {
        return settings;
    }

    public InstantSource clock() {
        return clock;
    }

    public ScheduleTask scheduleTask() {
        return new ScheduleTask(store(), timers(), new UlidTaskIds(), new SecureRandom());
    }

    public ScheduleTasks scheduleTasks(ScheduleTask scheduleTask) {
        return new ScheduleTasks(scheduleTask, pause, clock);
    }

    public PreviewTask previewTask() {
        return new PreviewTask(new UlidTaskIds(), new WebhookPreflight(settings.destinations()),
                new DynamoDbTaskSizes(index));
    }

    public ChangeTask changeTask() {
        return new ChangeTask(store(), timers());
    }

    public FindTask findTask() {
        return new FindTask(store());
    }

    public ListTasks listTasks() {
        return new ListTasks(new DynamoDbTaskList(dynamoDb, settings.tableName(), index, clock), clock);
    }

    public CheckInvariant checkInvariant() {
        return new CheckInvariant(openTasks(), clock);
    }

    public MeasureLateness measureLateness() {
        return new MeasureLateness(new DynamoDbFinishedTasks(dynamoDb, settings.tableName(), index), clock);
    }

    public ExecuteTask executeTask() {
        TaskStore store = store();
        Timers timers = new TimersOnDemand(this::timers);
        return new ExecuteTask(store, timers, new WakeUpsOnDemand(this::line),
                new Attempts(store, timers, actions(), pause, clock, new SecureRandom()), pause, clock,
                Components::unique);
    }

    public ReconcileTasks reconcileTasks() {
        return new ReconcileTasks(openTasks(), store(), line(), clock, Components::unique,
                settings.wakeUpsPerSecond());
    }

    public AdoptTask adoptTask() {
        return new AdoptTask(new DynamoDbForeignRows(dynamoDb, settings.tableName(), index), store(), timers(), clock);
    }

    private static String unique() {
        return UUID.randomUUID().toString();
    }

    private Actions actions() {
        WebhookActions made = new WebhookActions(
                new WebhookSettings(settings.destinations(), settings.signingSecret(), settings.secretsPrefix(),
                        settings.caBundle()),
                new SecretsManagerSecrets(clients.secretsManager(), clock), clock);
        webhooks.add(made);
        return around.apply(made);
    }

    private TaskStore store() {
        return new DynamoDbTaskStore(dynamoDb, settings.tableName(), index, clock);
    }

    private OpenTasks openTasks() {
        return new DynamoDbOpenTasks(dynamoDb, settings.tableName(), index);
    }

    private Timers timers() {
        TimerTarget target = new TimerTarget(settings.scheduleGroupName(), settings.timerTargetArn(),
                settings.timerRoleArn(), settings.timerDeadLetterQueueArn());
        return new NearAndFarTimers(new SqsTimers(clients.sqs(), settings.timerQueueUrl(), clock),
                new TimersOnDemand(() -> new SchedulerTimers(clients.scheduler(), target, clock)), clock);
    }

    private WakeUps line() {
        return new SqsWakeUps(clients.sqs(), settings.wakeUpQueueUrl(), clock);
    }
}
