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
    if case.meta is None or not case.meta.generation.mode.is_positive or not isinstance(case.body, dict):
        return
    if zlib.crc32(json.dumps(case.body, sort_keys=True, default=str).encode()) % 2 == 0:
        case.body = possible(case.body)
        if case.headers and "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = f"of-{zlib.crc32(json.dumps(case.body, sort_keys=True).encode())}"


def possible(body):
    """A request for a task, or a batch of them."""
    if "tasks" in body:
        return {**body, "tasks": [possible(task) for task in body["tasks"]]}
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
    if "payload" in body:
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
