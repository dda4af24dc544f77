"""The model held against the local run, where the two overlap: N tasks due in one second, with webhooks of a known duration.

The local run has no quotas, but two limits of its own: so many messages are in work at a time, and the machine makes so many calls of the store a second
with all that goes with them, three for each task. The first stands in the local run's source. The second is found from one burst, so that the model
drains it as fast as was measured; the other bursts, of other sizes and with slower webhooks, are predicted. Run it alone on the machine: other work is
measured too.
"""
import datetime
import time
from concurrent.futures import ThreadPoolExecutor

from local_run import LocalRun, Receiver
from scale_self_test import UNLIMITED
from scale_system import Setup, System

PORT = 3907
THREADS = 8
# io.taskscheduler.local.sources.DueMessages.MOST_AT_A_TIME
MESSAGES_IN_WORK = 100
CALIBRATED = (500, 0.1)
PREDICTED = ((200, 0.1), (1000, 0.1), (500, 1.0))
REPEATED = 3
WARM_UP = 500
GOAL = 0.25


def local(writes, webhook):
    """The model with the local run's limits instead of AWS's."""
    setup = Setup.default().but(
        batch=1, reads_are_writes=True, timer_concurrency=MESSAGES_IN_WORK, api_requests_per_second=None, warm_writes_per_second=None, slice_seconds=0.02,
        quota={**UNLIMITED, "table_writes_per_second": writes},
        assumed={"cold_start_seconds": 0.0, "read_seconds": 0.0, "write_seconds": 0.0, "patience_seconds": float("inf"), "webhook_seconds": webhook})
    return setup


def modelled(writes, count, webhook):
    """Seconds by which the median, the 99th of a hundred and the last are late."""
    system = System(local(writes, webhook))
    for bucket in system.buckets:
        # The machine saves nothing up.
        bucket.burst = None if bucket.rate is None else bucket.rate * system.time.width
        bucket.tokens = bucket.burst or 0.0
    system.pending_near(count, 5.0)
    return system.run(3600, True).late.percentiles(0.5, 0.99, 1)


def calibrate(count, webhook, last):
    """Calls of the store a second with which the last of that burst is as late as it was."""
    low, high = 1.0, 100000.0
    while high / low > 1.0005:
        middle = (low * high) ** 0.5
        if modelled(middle, count, webhook)[2] > last:
            low = middle
        else:
            high = middle
    return high


class Local:
    """The local run, and a receiver that takes as long as the path says, in milliseconds."""

    def __init__(self):
        self.receiver = Receiver(lambda path: int(path.rsplit("/", 1)[1]) / 1000)
        self.run = LocalRun(None, PORT)
        self.seconds_to_schedule = 0.05

    def schedule(self, due, webhook):
        at = datetime.datetime.fromtimestamp(due, datetime.timezone.utc).isoformat(timespec="milliseconds")
        status, answer = self.run.send("POST", "/schedule-task", {
            "action": "webhook", "run_at": at, "payload": {"url": f"{self.receiver.url}/{round(webhook * 1000)}", "data": {"message": "Task executed!"}}})
        if status != 201:
            raise SystemExit(f"a task was refused: {status}")
        return answer["task_id"]

    def burst(self, count, webhook):
        """How late they are; None if they were not all scheduled before they were due."""
        due = float(int(time.time() + 4 + count * self.seconds_to_schedule))
        began = time.monotonic()
        with ThreadPoolExecutor(THREADS) as threads:
            ids = list(threads.map(lambda _: self.schedule(due, webhook), range(count)))
        # Half as much again, for the next may be slower.
        self.seconds_to_schedule = 1.5 * (time.monotonic() - began) / count
        in_time = time.time() < due - 1.2
        deadline = time.monotonic() + 200
        while sum(task in self.receiver.calls for task in ids) < count and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(webhook + 1)
        late = sorted(view["late_by_ms"] / 1000 for view in self.run.tasks(ids) if "late_by_ms" in view)
        if len(late) < count:
            raise SystemExit(f"{count - len(late)} tasks were not run")
        return [late[round(share * (count - 1))] for share in (0.5, 0.99, 1)] if in_time else None

    def measure(self, cases):
        """Each several times, in turn: a machine that gets faster or slower does it to all. The run in the middle counts."""
        found = {case: [] for case in cases}
        while any(len(runs) < REPEATED for runs in found.values()):
            for case, runs in found.items():
                run = self.burst(*case)
                if run:
                    runs.append(run)
                    print(f"  {case[0]} tasks, webhooks of {case[1]} s: the last {run[2]:.2f} s late", flush=True)
        return {case: (sorted(runs, key=lambda run: run[2])[len(runs) // 2], [run[2] for run in runs]) for case, runs in found.items()}


def error(model, measured):
    return (model - measured) / measured


def main():
    """The content to keep, and whether every prediction of the last task's lateness was within the goal."""
    machine = Local()
    try:
        machine.burst(WARM_UP, 0.1)
        measured = machine.measure((CALIBRATED, *PREDICTED))
    finally:
        machine.run.end()
    writes = calibrate(*CALIBRATED, measured[CALIBRATED][0][2])
    print(f"\n{writes:.0f} calls of the store a second, from the burst of {CALIBRATED[0]}; {MESSAGES_IN_WORK} messages in work at a time")
    print(f"{'tasks':>6} {'webhook':>8}   {'measured p50 / p99 / last':>28}   {'spread of the last':>18}   {'model p50 / p99 / last':>28}   {'error p50 / p99 / last':>26}")
    rows = []
    for (count, webhook), (values, lasts) in measured.items():
        model = modelled(writes, count, webhook)
        errors = [error(*pair) for pair in zip(model, values)]
        rows.append({"tasks": count, "webhook_seconds": webhook, "measured": values, "lasts": lasts, "model": model, "errors": errors,
                     "calibrated": (count, webhook) == CALIBRATED})
        print(f"{count:>6} {webhook:>6} s   {' / '.join(f'{value:.2f}' for value in values) + ' s':>28}   {min(lasts):>8.2f} to {max(lasts):.2f} s"
              f"   {' / '.join(f'{value:.2f}' for value in model) + ' s':>28}   {' / '.join(f'{value:+.0%}' for value in errors):>26}"
              + ("   calibrated on its last" if rows[-1]["calibrated"] else ""))
    worst = max(abs(row["errors"][2]) for row in rows if not row["calibrated"])
    print(f"largest error of a predicted drain: {worst:.0%}, goal {GOAL:.0%}: {'held' if worst <= GOAL else 'not held'}")
    return {"calls_per_second": writes, "messages_in_work": MESSAGES_IN_WORK, "rows": rows}, worst <= GOAL
