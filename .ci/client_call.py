"""Schedules a task and shows it, with the client that .ci/api has generated and nothing else; usage: client_call.py API."""
import sys
from http import HTTPStatus

from task_scheduler_client import Client
from task_scheduler_client.api.tasks import find_task, schedule_task
from task_scheduler_client.models import Labels, Problem, Task, TaskRequest, TaskRequestAction, TaskStatus, Webhook


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

    missing = find_task.sync(client=client, task_id="no-such-task")
    assert isinstance(missing, Problem) and missing.status == HTTPStatus.NOT_FOUND, missing
    print(f"task {found.task_id} is {found.status}, {found.run_at - found.created_at} from now")


main(sys.argv[1].rstrip("/"))
