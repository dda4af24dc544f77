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
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/** Who stands behind which port. One instance serves a function for as long as it lives; its parts are safe for concurrent use. */
public final class Components {

    private final Settings settings;
    private final InstantSource clock;
    private final TaskStore store;
    private final Timers timers;

    public Components(Settings settings, InstantSource clock) {
        AwsClients clients = new AwsClients(settings.region());
        this.settings = settings;
        this.clock = clock;
        this.store = new DynamoDbTaskStore(clients.dynamoDb(), settings.tableName(),
                new TimeIndex(settings.indexShards(), settings.taskRetentionDays()));
        this.timers = new SchedulerTimers(clients.scheduler(), new TimerTarget(settings.scheduleGroupName(),
                settings.timerTargetArn(), settings.timerRoleArn(), settings.timerDeadLetterQueueArn()), clock);
    }

    /** What a deployed function runs with: its environment and the system's clock. */
    public static Components ofEnvironment() {
        return new Components(Settings.from(System.getenv()), InstantSource.system());
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
        return new ExecuteTask(store, timers, new WebhookActions(clock), clock, () -> UUID.randomUUID().toString(),
                new SecureRandom());
    }
}
