package io.taskscheduler.wiring;

import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.adapter.scheduler.SchedulerTimers;
import io.taskscheduler.adapter.scheduler.SchedulerTimers.TimerTarget;
import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.adapter.webhook.WebhookActions;
import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.app.FindTask;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/** Who stands behind which port. One instance serves a function for as long as it lives; its parts are safe for concurrent use. */
public final class Components {

    private final Settings settings;
    private final InstantSource clock;
    private final Supplier<Actions> actions;
    private final TaskStore store;
    private final Timers timers;

    /**
     * Wires a function.
     *
     * @param actions makes what carries actions out, for the function that does
     */
    public Components(Settings settings, InstantSource clock, Supplier<Actions> actions) {
        AwsClients clients = new AwsClients(settings.region());
        this.settings = settings;
        this.clock = clock;
        this.actions = actions;
        this.store = new DynamoDbTaskStore(clients.dynamoDb(), settings.tableName(),
                new TimeIndex(settings.indexShards(), settings.taskRetentionDays()));
        this.timers = new SchedulerTimers(clients.scheduler(), new TimerTarget(settings.scheduleGroupName(),
                settings.timerTargetArn(), settings.timerRoleArn(), settings.timerDeadLetterQueueArn()), clock);
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
        return new ScheduleTask(store, timers, new UlidTaskIds());
    }

    public FindTask findTask() {
        return new FindTask(store);
    }

    public ExecuteTask executeTask() {
        return new ExecuteTask(store, timers, actions.get(), clock, () -> UUID.randomUUID().toString(),
                new SecureRandom());
    }
}
