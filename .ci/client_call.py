"""Schedules, shows, moves, lists, cancels and runs a task, with the client that .ci/api has generated and nothing else; usage: client_call.py API."""
import sys
from http import HTTPStatus

from task_scheduler_client import Client
from task_scheduler_client.api.tasks import cancel_task, change_task, find_task, list_tasks, run_task, schedule_task
from task_scheduler_client.models import (
    Labels,
    ListTasksStatus,
    Problem,
    ProblemCode,
    Task,
    TaskChange,
    TaskPage,
    TaskRequest,
    TaskRequestAction,
    TaskStatus,
    Webhook,
)


def main(api: str) -> None:
    client = Client(base_url=api)
    labels = Labels()
    labels["from"] = "a generated client"
    request = TaskRequest(action=TaskRequestAction.WEBHOOK, payload=Webhook(url=f"{api}/_local/inbox/client"), delay="P3D", labels=labels)

    scheduled = schedule_task.sync_detailed(client=client, body=request)
    assert scheduled.status_code == HTTPStatus.CREATED, scheduled
    task = scheduled.parsed
    assert isinstance(task, Task), scheduled
    assert scheduled.headers["location"] == f"/tasks/{task.task_id}", scheduled.headers

    found = find_task.sync(client=client, task_id=task.task_id)
    assert isinstance(found, Task), found
    assert (found.task_id, found.status, found.labels) == (task.task_id, TaskStatus.SCHEDULED, labels), found

    moved = change_task.sync(client=client, task_id=task.task_id, body=TaskChange(delay="P4D"))
    assert isinstance(moved, Task) and moved.run_at > found.run_at, moved
    page = list_tasks.sync(client=client, status=ListTasksStatus.SCHEDULED, limit=1)
    assert isinstance(page, TaskPage) and len(page.tasks) == 1, page
    cancelled = cancel_task.sync(client=client, task_id=task.task_id)
    assert isinstance(cancelled, Task) and cancelled.status == TaskStatus.CANCELLED, cancelled
    too_late = change_task.sync(client=client, task_id=task.task_id, body=TaskChange(delay="P4D"))
    assert isinstance(too_late, Problem) and too_late.code == ProblemCode.ALREADY_FINISHED, too_late
    again = run_task.sync(client=client, task_id=task.task_id)
    assert isinstance(again, Task) and again.status == TaskStatus.SCHEDULED, again

    missing = find_task.sync(client=client, task_id="no-such-task")
    assert isinstance(missing, Problem) and missing.status == HTTPStatus.NOT_FOUND, missing
    print(f"task {found.task_id} is {found.status}, {found.run_at - found.created_at} from now")


main(sys.argv[1].rstrip("/"))
