package io.taskscheduler.wiring;

import io.taskscheduler.adapter.dynamodb.DynamoDbForeignRows;
import io.taskscheduler.adapter.dynamodb.DynamoDbOpenTasks;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.adapter.scheduler.SchedulerTimers;
import io.taskscheduler.adapter.scheduler.SchedulerTimers.TimerTarget;
import io.taskscheduler.adapter.sqs.SqsWakeUps;
import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.adapter.webhook.WebhookActions;
import io.taskscheduler.app.AdoptTask;
import io.taskscheduler.app.CheckInvariant;
import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.app.FindTask;
import io.taskscheduler.app.ReconcileTasks;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.WakeUps;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Who stands behind which port. One instance serves a function for as long as it lives; its parts are safe for concurrent use. What only some
 * functions need is made for those that ask.
 */
public final class Components {

    private final Settings settings;
    private final InstantSource clock;
    private final Supplier<Actions> actions;
    private final AwsClients clients;
    private final DynamoDbClient dynamoDb;
    private final TimeIndex index;

    /**
     * Wires a function.
     *
     * @param actions makes what carries actions out, for the function that does
     */
    public Components(Settings settings, InstantSource clock, Supplier<Actions> actions) {
        this.settings = settings;
        this.clock = clock;
        this.actions = actions;
        this.clients = new AwsClients(settings.region());
        this.dynamoDb = clients.dynamoDb();
        this.index = new TimeIndex(settings.indexShards(), settings.taskRetentionDays());
    }

    /** What a deployed function runs with: its environment and the system's clock. */
    public static Components ofEnvironment() {
        InstantSource clock = InstantSource.system();
        return new Components(Settings.from(System.getenv()), clock, () -> new WebhookActions(clock));
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

    public FindTask findTask() {
        return new FindTask(store());
    }

    public CheckInvariant checkInvariant() {
        return new CheckInvariant(openTasks(), clock);
    }

    public ExecuteTask executeTask() {
        return new ExecuteTask(store(), timers(), line(), actions.get(), clock, Components::unique,
                new SecureRandom());
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

    private TaskStore store() {
        return new DynamoDbTaskStore(dynamoDb, settings.tableName(), index);
    }

    private OpenTasks openTasks() {
        return new DynamoDbOpenTasks(dynamoDb, settings.tableName(), index);
    }

    private Timers timers() {
        return new SchedulerTimers(clients.scheduler(), new TimerTarget(settings.scheduleGroupName(),
                settings.timerTargetArn(), settings.timerRoleArn(), settings.timerDeadLetterQueueArn()), clock);
    }

    private WakeUps line() {
        return new SqsWakeUps(clients.sqs(), settings.wakeUpQueueUrl(), clock);
    }
}
