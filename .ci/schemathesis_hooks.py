"""Makes every second body that schemathesis takes for valid a valid one also by what openapi.yaml says in words.

The other half is sent as it is: whatever fits the schemas must be answered in a described way too. Which half is decided by the body
itself, so that a seed gives the same requests each time.
"""
import json
import zlib
from datetime import datetime, timedelta, timezone

import schemathesis


@schemathesis.hook
def before_call(context, case, **kwargs):
    """The last moment before a request is sent."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.path_parameters and zlib.crc32(str(case.path_parameters).encode()) % 2 == 0:
        # Of an invented name there is no task; this one is made by the document's own example.
        case.path_parameters["task_id"] = "order-4711"
    if not isinstance(case.body, dict):
        return
    if zlib.crc32(json.dumps(case.body, sort_keys=True, default=str).encode()) % 2 == 0:
        case.body = possible(case.body)
        if case.headers and "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = f"of-{zlib.crc32(json.dumps(case.body, sort_keys=True).encode())}"


def possible(body):
    """A request for a task, or a batch of them."""
    if "tasks" in body:
        tasks = body["tasks"] if isinstance(body["tasks"], list) else []
        return {**body, "tasks": [possible(task) if isinstance(task, dict) else task for task in tasks]}
    # The same all day: a body that comes again with its Idempotency-Key is the same body.
    now = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    body = dict(body)
    if "run_at" in body:
        body["run_at"] = written(now + timedelta(days=2), "timezone" in body)
    if "delay" in body:
        body["delay"] = "PT12H"
    if "expires_at" in body:
        body["expires_at"] = written(now + timedelta(days=4), "timezone" in body)
    if "timezone" in body:
        body["timezone"] = "Europe/Rome"
    if "max_delay" in body:
        body["max_delay"] = "P1D"
    if isinstance(body.get("payload"), dict):
        body["payload"] = webhook(body["payload"])
    return body


def written(instant, local):
    return instant.strftime("%Y-%m-%dT%H:%M:%S" if local else "%Y-%m-%dT%H:%M:%SZ")


def webhook(payload):
    payload = {**payload, "url": "https://example.com/hook"}
    if payload.get("method") == "GET":
        payload.pop("data", None)
    if "headers" in payload:
        payload["headers"] = {f"x-{n}": "value" for n in range(len(payload["headers"]))}
    return payload
