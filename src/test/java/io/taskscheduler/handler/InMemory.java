package io.taskscheduler.handler;

import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.app.ChangeTask;
import io.taskscheduler.app.CheckInvariant;
import io.taskscheduler.app.FindTask;
import io.taskscheduler.app.ListTasks;
import io.taskscheduler.app.MeasureLateness;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskSizes;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.adapter.webhook.WebhookPreflight;
import io.taskscheduler.app.PreviewTask;
import io.taskscheduler.app.PutTask;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.ScheduleTasks;
import io.taskscheduler.app.port.TaskList;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.fake.InMemoryTaskList;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.handler.http.PageTokens;
import java.time.InstantSource;
import java.util.Random;

/** All that the API can do, on fakes. */
final class InMemory {

    private InMemory() {}

    static UseCases useCases(InMemoryTaskStore store, Timers timers, InstantSource clock) {
        ScheduleTask scheduleTask = new ScheduleTask(store, timers, new SequentialTaskIds(), new Random(1));
        ChangeTask changeTask = new ChangeTask(store, timers);
        ScheduleTasks scheduleTasks = new ScheduleTasks(scheduleTask, instant -> {}, clock);
        return new UseCases(scheduleTask, scheduleTasks,
                new PreviewTask(new SequentialTaskIds(), new WebhookPreflight(Webhooks.TO_THIS_MACHINE),
                        new DynamoDbTaskSizes(new TimeIndex(16, 30))),
                new PutTask(scheduleTask, changeTask), changeTask,
                new FindTask(store), pages(new InMemoryTaskList(store), clock),
                new CheckInvariant(store, clock), new MeasureLateness(store, clock));
    }

    /** What answers a list, with a key of its own. */
    static TaskPages pages(TaskList tasks, InstantSource clock) {
        return new TaskPages(new ListTasks(tasks, clock), new PageTokens(Requests.bytes("a key for tests")));
    }
}
