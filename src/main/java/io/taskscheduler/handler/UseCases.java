package io.taskscheduler.handler;

import io.taskscheduler.app.ChangeTask;
import io.taskscheduler.app.CheckInvariant;
import io.taskscheduler.app.FindTask;
import io.taskscheduler.app.MeasureLateness;
import io.taskscheduler.app.PreviewTask;
import io.taskscheduler.app.PutTask;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.ScheduleTasks;
import io.taskscheduler.wiring.Components;

/** What the API can do. */
record UseCases(ScheduleTask scheduleTask, ScheduleTasks scheduleTasks, PreviewTask previewTask, PutTask putTask,
        ChangeTask changeTask,
        FindTask findTask, TaskPages taskPages,
        CheckInvariant checkInvariant, MeasureLateness measureLateness) {

    static UseCases of(Components components) {
        ScheduleTask scheduleTask = components.scheduleTask();
        ChangeTask changeTask = components.changeTask();
        return new UseCases(scheduleTask, components.scheduleTasks(scheduleTask), components.previewTask(),
                new PutTask(scheduleTask, changeTask),
                changeTask, components.findTask(), TaskPages.of(components),
                components.checkInvariant(), components.measureLateness());
    }
}
