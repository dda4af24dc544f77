"""The deployed system as bench/scale sees it: what template.yaml puts together, with AWS's quotas as limits.

API Gateway lets requests through to ScheduleTask, which writes a task and sets its timer: a delayed message up to 15 minutes ahead, else a schedule that
fires five minutes early and hands over to a message. ExecuteTask takes up to ten messages to a run, waits for the last part of the second, claims, calls
the webhook and settles. What comes two minutes late goes to the line, which has its own concurrency. Each minute the reconciler puts there what nobody
sees to.
"""
import json
import random
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from pathlib import Path

from scale_core import Bucket, Concurrency, Gate, Lateness, Pollers, Pool, Slices

BENCH = Path(__file__).parent
TEMPLATE = BENCH.parent / "template.yaml"
QUOTAS = BENCH / "scale-quotas.json"

# As in the code: NearAndFarTimers.HORIZON and LEAD, Task.GRACE and HEAD_START, SqsTimers.ON_THE_WAY, ReconcileTasks.PERIOD, MOST_TASKS of a request.
NEAR_SECONDS = 900
LEAD_SECONDS = 300
GRACE_SECONDS = 120
HEAD_START_SECONDS = 0.05
MESSAGE_EARLY_SECONDS = 0.1
RECONCILER_SECONDS = 60
BATCH = 10
AT_ONCE_IN_A_REQUEST = 10
# A lease lives so much longer than the webhook may take, 30 s unless the caller says otherwise.
LEASE_SECONDS = 60

# Write units, as CapacityIT holds them: (table, entries of open tasks in the index, entries of finished ones).
WRITES = {"create": (1, 1, 0), "claim": (1, 0, 0), "settle": (1, 1, 1), "take back": (1, 1, 0), "mark": (1, 0, 0), "read": (1, 0, 0)}
# From where a wait counts as one that a limit has caused.
NOTICEABLE_SECONDS = 0.5
GOLDEN = 0.6180339887498949
PARTS = 4


def parameters():
    """Numbers of the template: name to (default, most)."""
    text = TEMPLATE.read_text().split("\nParameters:\n")[1].split("\nRules:\n")[0]
    blocks = re.findall(r"^  (\w+):\n((?:    .*\n)+)", text, re.M)
    found = {}
    for name, block in blocks:
        default, most = (re.search(rf"^    {word}: (\d+)$", block, re.M) for word in ("Default", "MaxValue"))
        if default and most:
            found[name] = int(default[1]), int(most[1])
    return found


def quotas():
    return {name: entry["value"] for name, entry in json.loads(QUOTAS.read_text())["quotas"].items()}


def assumptions():
    return {name: entry["value"] for name, entry in json.loads(QUOTAS.read_text())["assumptions"].items()}


@dataclass(frozen=True)
class Setup:
    """One stack in one account and region. A quota of None does not bind."""

    api_requests_per_second: float
    api_request_burst: float
    tasks_per_request: int
    index_shards: int
    timer_concurrency: int
    wake_up_concurrency: int
    wake_ups_per_second: int
    execute_task_concurrency: int
    quota: dict
    assumed: dict
    warm_writes_per_second: float
    slice_seconds: float = 0.1
    batch: int = BATCH
    # From when a timer that comes late gets in line. A constant of the code.
    late_seconds: float = GRACE_SECONDS
    # On one machine a read costs what a write does; DynamoDB reads from elsewhere than it writes to.
    reads_are_writes: bool = False

    @staticmethod
    def default():
        defaults = {name: default for name, (default, _) in parameters().items()}
        quota = quotas()
        return Setup(defaults["ApiRequestsPerSecond"], defaults["ApiRequestBurst"], 1, defaults["IndexShards"], defaults["TimerConcurrency"],
                     defaults["WakeUpConcurrency"], defaults["WakeUpsPerSecond"], defaults["ExecuteTaskConcurrency"], quota, assumptions(),
                     quota["on_demand_start_writes_per_second"])

    def but(self, **changes):
        given = changes.pop("quota", {})
        assumed = changes.pop("assumed", {})
        return replace(self, quota={**self.quota, **given}, assumed={**self.assumed, **assumed}, **changes)


class Cohort:
    """Tasks that are due together and are at the same place."""

    __slots__ = ("count", "due", "runs", "hold", "source", "given")

    def __init__(self, count, due, runs=0.0, hold=0.0, source="", given=0.0):
        self.count, self.due, self.runs, self.hold, self.source, self.given = count, due, runs, hold, source, given

    def cut(self, count):
        """Takes a part away, with its share of the runs."""
        share = count / self.count
        part = Cohort(count, self.due, self.runs * share, self.hold, self.source, self.given * share)
        self.count -= count
        self.runs -= part.runs
        self.given -= part.given
        return part


@dataclass
class Outcome:
    """What came out. Counts are tasks, moments are seconds since the beginning."""

    offered: float = 0.0
    accepted: float = 0.0
    begun: float = 0.0
    completed: float = 0.0
    called_again: float = 0.0
    lost: float = 0.0
    to_line: float = 0.0
    refused: dict = field(default_factory=lambda: defaultdict(float))
    waited: dict = field(default_factory=lambda: defaultdict(float))
    first: dict = field(default_factory=dict)
    late: Lateness = field(default_factory=Lateness)
    series: list = field(default_factory=list)
    peak_concurrency: float = 0.0
    peak_backlog: float = 0.0
    most_schedules: float = 0.0
    last_begun: float = 0.0

    def bites(self, least=0.001):
        """Limits that held up or refused at least such a share of the tasks, the first first."""
        whole = max(self.offered, self.begun, 1.0)
        both = {name: self.waited.get(name, 0.0) + self.refused.get(name, 0.0) for name in {*self.waited, *self.refused}}
        return sorted((self.first[name], name, count) for name, count in both.items() if count >= least * whole)


class System:
    """One stack at work.

    feed(moment) is the number of tasks a second that callers send; far is the share of them that are due later than 15 minutes, ahead the seconds after
    which those are due, and schedules how many there are already.
    """

    def __init__(self, setup, seed=1, far=0.5, feed=lambda moment: 0.0, schedules=0.0, ahead=NEAR_SECONDS + 1):
        self.setup, self.far, self.feed, self.ahead = setup, far, feed, ahead
        self.random = random.Random(seed)
        self.time = Slices(setup.slice_seconds)
        self.out = Outcome()
        self.schedules = schedules
        self.numbers = 0
        self.overdue = deque()
        self.line_waits = 0.0
        quota = setup.quota
        self.buckets = []
        self.make_api(quota)
        self.make_table(quota)
        self.make_lambda(quota)
        self.create_schedule = self.gate([(self.bucket("EventBridge Scheduler, CreateSchedule", quota["create_schedule_per_second"]), 1)])
        # Delayed, not dropped.
        self.invocations = self.gate([(self.bucket("EventBridge Scheduler, invocations", quota["schedule_invocations_per_second"]), 1)], float("inf"))
        self.events = deque()
        self.events_count = 0.0

    def bucket(self, name, rate, burst=None):
        made = Bucket(name, rate, burst)
        self.buckets.append(made)
        return made

    def gate(self, costs, patience=None):
        return Gate(costs, self.waited, self.setup.assumed["patience_seconds"] if patience is None else patience)

    def make_api(self, quota):
        route = self.bucket("ApiRequestsPerSecond", self.setup.api_requests_per_second, self.setup.api_request_burst)
        account = self.bucket("API Gateway, requests of the account", quota["api_account_requests_per_second"], quota["api_account_burst"])
        self.api = [route, account]

    def make_table(self, quota):
        warm = self.setup.warm_writes_per_second
        self.growing = []
        if warm is not None:
            for what in ("table", "index"):
                self.growing.append(self.bucket(f"DynamoDB, what the {what} is warm for", warm))
        table = self.bucket("DynamoDB, write units of the table", quota["table_writes_per_second"])
        index = self.bucket("DynamoDB, write units of the index", quota["index_writes_per_second"])
        partition = quota["partition_writes_per_second"]
        shards = None if partition is None else partition * self.setup.index_shards
        opened = self.bucket("IndexShards, entries of open tasks", shards)
        ended = self.bucket("IndexShards, entries of finished tasks", shards)
        self.table = {}
        for name, (writes, entries, finished) in WRITES.items():
            costs = [(table, writes), (index, entries + finished), (opened, entries), (ended, finished)]
            costs += zip(self.growing, (writes, entries + finished))
            self.table[name] = self.gate([(bucket, cost) for bucket, cost in costs if cost])
        self.used_before, self.most_used = [0.0, 0.0], [0.0, 0.0]

    def make_lambda(self, quota):
        account = self.account = Concurrency(quota["lambda_concurrency"])
        each = quota["lambda_requests_per_concurrency"]
        most = quota["lambda_concurrency"]
        requests = self.bucket("Lambda, invocations a second", None if each is None or most is None else each * most)
        fresh, seconds = quota["lambda_growth_environments"], quota["lambda_growth_seconds"]
        growth = [self.bucket("Lambda, new environments of a function", None if fresh is None else fresh / seconds, fresh) for _ in range(2)]
        reserved = self.setup.execute_task_concurrency or None
        self.schedule_task = Pool(account, growth[0], requests)
        self.execute_task = Pool(account, growth[1], requests, Concurrency(reserved))
        pace, top = quota["poller_growth_per_minute"], quota["poller_most"]
        start = quota["poller_start"]

        def pollers(name, batch, most, taken):
            limit = most if top is None else min(most, top)
            return Pollers(name, self.execute_task, batch, limit if start is None else start, (pace or 0) / 60, limit, taken, self.waited)

        self.timers = pollers("Timer", self.setup.batch, self.setup.timer_concurrency, self.timers_taken)
        self.line = pollers("WakeUp", 1, self.setup.wake_up_concurrency, self.line_taken)

    # ---- what happens in each slice

    def run(self, seconds, until_empty=False):
        """Simulates so long; with until_empty it ends earlier when nothing is left to happen."""
        end = self.time.start + seconds
        while self.time.start < end - 1e-6:
            self.time.run(min(end, self.time.start + 10), self.each_slice)
            if until_empty and not self.is_busy():
                break
        self.out.peak_concurrency = self.account.peak
        return self.out

    def forget(self):
        """What came before was the way there. Counts begin anew, and lateness with them."""
        self.out = Outcome()
        self.account.peak = self.account.running

    def is_busy(self):
        waiting = self.timers.count + self.line.count + self.invocations.count + self.events_count + sum(gate.count for gate in self.table.values())
        return waiting > 1e-6 or bool(self.overdue) or self.time.left()

    def each_slice(self, moment):
        width = self.time.width
        for bucket in self.buckets:
            bucket.refill(width)
        self.grow(moment)
        for name in ("settle", "claim", "read", "mark", "take back", "create"):
            self.table[name].serve(moment)
        self.create_schedule.serve(moment)
        self.invocations.serve(moment)
        self.serve_events(moment)
        # The line does not come first when the account is full.
        self.timers.serve(moment, width)
        self.line.serve(moment, width)
        if self.time.index % round(RECONCILER_SECONDS / width) == 0 and moment > 0:
            self.reconcile(moment)
        rate = self.feed(moment)
        if rate > 0:
            self.send(moment, rate * width)
        if self.time.index % round(1 / width) == 0:
            self.note(moment)

    def grow(self, moment):
        """What is warm doubles, at most once in half an hour, when more than half of it was used. Needs the use of each second."""
        if not self.growing or self.time.index % round(1 / self.time.width):
            return
        for number, bucket in enumerate(self.growing):
            self.most_used[number] = max(self.most_used[number], bucket.taken - self.used_before[number])
            self.used_before[number] = bucket.taken
        every = round(self.setup.quota["on_demand_doubling_seconds"] / self.time.width)
        if self.time.index and self.time.index % every == 0:
            for number, bucket in enumerate(self.growing):
                bucket.rate = bucket.burst = max(bucket.rate, 2 * self.most_used[number])
                self.most_used[number] = 0.0

    def note(self, moment):
        backlog = self.timers.count + self.line.count + self.invocations.count + self.events_count
        self.out.peak_backlog = max(self.out.peak_backlog, backlog)
        self.out.most_schedules = max(self.out.most_schedules, self.schedules)
        self.out.series.append((round(moment), round(self.out.accepted), round(self.out.begun), round(self.timers.count), round(self.line.count),
                                round(self.invocations.count + self.events_count), round(self.account.running, 1), round(self.timers.limit, 1)))

    def waited(self, name, count, seconds, moment):
        if name is not None and seconds > NOTICEABLE_SECONDS:
            self.out.waited[name] += count
            self.out.first.setdefault(name, moment - seconds)

    def refuse(self, name, count, moment):
        if count > 1e-9:
            self.out.refused[name] += count
            self.out.first.setdefault(name, moment)

    # ---- a task is scheduled

    def send(self, moment, mean):
        """What callers send in one slice: as many as chance has it, as a near and a far cohort."""
        for share, ahead, spread in ((1 - self.far, 5, 55), (self.far, self.ahead, 60)):
            expected = mean * share
            count = max(0.0, self.random.gauss(expected, expected ** 0.5)) if expected > 0 else 0.0
            if count > 0:
                # The golden ratio spreads the due times more evenly than chance, which a cohort of one slice would exaggerate.
                self.numbers += 1
                self.out.offered += count
                self.post(moment, count, moment + ahead + spread * (self.numbers * GOLDEN % 1))

    def post(self, moment, count, due):
        """Through API Gateway to ScheduleTask. Neither lets anybody wait."""
        tasks = self.setup.tasks_per_request
        for bucket in self.api:
            let = min(count, bucket.room() * tasks)
            self.refuse(bucket.name, count - let, moment)
            bucket.take(let / tasks)
            count = let
        runs = min(count / tasks, self.schedule_task.room())
        self.refuse(self.what_fills_schedule_task(), count - runs * tasks, moment)
        if runs <= 1e-9:
            return
        cold = self.schedule_task.begin(runs)
        assumed = self.setup.assumed
        cohort = Cohort(runs * tasks, due, runs)
        cohort.given = moment
        delay = assumed["request_seconds"] + (assumed["cold_start_seconds"] if cold > runs / 2 else 0)
        self.time.at(moment + delay, self.create, cohort)

    def what_fills_schedule_task(self):
        """Runs that wait for a call keep others out: what is to blame is what they wait for."""
        for gate in (self.table["create"], self.create_schedule):
            if gate.count > 1e-9:
                return gate.narrowest()
        return self.schedule_task.narrowest()

    def create(self, moment, cohort):
        self.table["create"].ask(moment, cohort, self.created, self.not_created)

    def not_created(self, moment, cohort):
        self.refuse(self.table["create"].narrowest(), cohort.count, moment)
        self.schedule_task.end(cohort.runs)

    def created(self, moment, cohort):
        if cohort.due - moment <= NEAR_SECONDS:
            self.set_near(moment, cohort)
            self.answered(moment + self.request_seconds("send_seconds"), cohort)
            return
        room = self.setup.quota["schedules"]
        if room is not None and self.schedules + cohort.count > room:
            part = cohort.cut(min(cohort.count, self.schedules + cohort.count - room)) if self.schedules < room else cohort
            self.take_back(moment, part, "EventBridge Scheduler, schedules that exist")
            if part is cohort:
                return
        self.create_schedule.ask(moment, cohort, self.set_far,
                                 lambda later, refused: self.take_back(later, refused, "EventBridge Scheduler, CreateSchedule"))

    def request_seconds(self, timer):
        """What the calls of a request take: those of a hundred tasks are made ten at a time."""
        assumed = self.setup.assumed
        return (assumed["write_seconds"] + assumed[timer]) * max(1, self.setup.tasks_per_request / AT_ONCE_IN_A_REQUEST)

    def answered(self, moment, cohort):
        self.out.accepted += cohort.count
        self.time.at(moment, lambda _, runs=cohort.runs: self.schedule_task.end(runs))

    def take_back(self, moment, cohort, name):
        self.refuse(name, cohort.count, moment)
        runs = cohort.runs
        self.table["take back"].ask(moment, Cohort(cohort.count, 0), lambda *_: None, lambda *_: None)
        self.time.at(moment + self.setup.assumed["write_seconds"], lambda _: self.schedule_task.end(runs))

    def set_near(self, moment, cohort):
        """A message, delayed by whole seconds."""
        ahead = max(0, int(cohort.due - moment - MESSAGE_EARLY_SECONDS))
        self.time.at(moment + ahead + self.setup.assumed["sqs_way_seconds"], self.timers.arrive, Cohort(cohort.count, cohort.due))

    def set_far(self, moment, cohort):
        self.schedules += cohort.count
        self.answered(moment + self.request_seconds("create_schedule_seconds"), cohort)
        self.fire_some_time(cohort.count, cohort.due)

    def fire_some_time(self, count, due):
        """Each fires anywhere in its minute, whenever the others do: a few parts of a cohort stand for that."""
        spread = self.setup.quota["schedule_delay_seconds"]
        for _ in range(PARTS):
            self.numbers += 1
            self.time.at(due - LEAD_SECONDS + spread * (self.numbers * GOLDEN % 1), self.fire, Cohort(count / PARTS, due))

    # ---- tasks that were accepted before the simulation begins

    def pending_near(self, count, due):
        """Messages for one instant, sent over the last quarter of an hour, so at any part of a second."""
        phases = max(1, round(1 / self.time.width))
        for number in range(phases):
            early = MESSAGE_EARLY_SECONDS + (number + 0.5) / phases - self.setup.assumed["sqs_way_seconds"]
            self.time.at(due - early, self.timers.arrive, Cohort(count / phases, due))
        self.out.offered += count
        self.out.accepted += count

    def pending_far(self, count, due):
        """Schedules for one instant, which fire over their minute."""
        spread = self.setup.quota["schedule_delay_seconds"]
        parts = round(spread / self.time.width)
        for number in range(parts):
            self.time.at(due - LEAD_SECONDS + spread * (number + 0.5) / parts, self.fire, Cohort(count / parts, due))
        self.schedules += count
        self.out.offered += count
        self.out.accepted += count

    # ---- a far timer fires

    def fire(self, moment, cohort):
        self.invocations.ask(moment, cohort, self.invoked)

    def invoked(self, moment, cohort):
        self.schedules = max(0.0, self.schedules - cohort.count)
        self.events.append((moment, cohort))
        self.events_count += cohort.count
        self.serve_events(moment)

    def serve_events(self, moment):
        """Lambda's own queue: one event to a run, none is dropped."""
        while self.events and self.execute_task.room() > 1e-9:
            since, cohort = self.events[0]
            name = self.execute_task.narrowest()
            count = min(cohort.count, self.execute_task.room())
            if count < cohort.count:
                cohort = cohort.cut(count)
            else:
                self.events.popleft()
            self.events_count = max(0.0, self.events_count - cohort.count)
            self.waited(name, cohort.count, moment - since, moment)
            cold = self.execute_task.begin(cohort.count)
            ready = moment + self.setup.assumed["read_seconds"] + (self.setup.assumed["cold_start_seconds"] if cold > cohort.count / 2 else 0)
            cohort.runs, cohort.source = cohort.count, "event"
            self.time.at(ready, self.woken_by_event, cohort)

    def woken_by_event(self, moment, cohort):
        if moment >= cohort.due + self.setup.late_seconds:
            self.get_in_line(moment, cohort)
        elif moment < cohort.due - 2:
            sent = moment + self.setup.assumed["send_seconds"]
            self.set_near(sent, cohort)
            self.time.at(sent, lambda at: self.release(at, cohort))
        else:
            self.wait_and_claim(moment, cohort)

    # ---- messages are taken

    def timers_taken(self, chosen, batch):
        # A run lasts as long as the latest of its messages; how late that is depends on how many it has.
        dues = sorted((cohort.due, cohort.count) for _, cohort, _, _ in chosen)
        wanted, passed, last = batch / (batch + 1) * sum(count for _, count in dues), 0.0, dues[-1][0]
        for due, count in dues:
            passed += count
            if passed >= wanted:
                last = due
                break
        for moment, cohort, runs, cold in chosen:
            cohort.runs, cohort.source, cohort.hold = runs, "timer", max(0.0, last - max(cohort.due, moment))
            self.time.at(self.ready(moment, cold), self.read if self.setup.reads_are_writes else self.woken_by_timer, cohort)

    def read(self, moment, cohort):
        self.table["read"].ask(moment, cohort, self.woken_by_timer, self.not_claimed)

    def line_taken(self, chosen, batch):
        for moment, cohort, runs, cold in chosen:
            cohort.runs, cohort.source, cohort.hold = runs, "line", 0.0
            self.line_waits = max(0.0, self.line_waits - cohort.count)
            self.time.at(self.ready(moment, cold), self.wait_and_claim, cohort)

    def ready(self, moment, cold):
        return moment + self.setup.assumed["read_seconds"] + (self.setup.assumed["cold_start_seconds"] if cold else 0)

    def woken_by_timer(self, moment, cohort):
        if moment >= cohort.due + self.setup.late_seconds:
            self.get_in_line(moment, cohort)
        else:
            self.wait_and_claim(moment, cohort)

    def get_in_line(self, moment, cohort):
        sent = moment + self.setup.assumed["send_seconds"]
        self.out.to_line += cohort.count
        self.to_line(sent, Cohort(cohort.count, cohort.due))
        self.time.at(sent, lambda at: self.release(at, cohort))

    def to_line(self, moment, cohort):
        self.line_waits += cohort.count
        self.time.at(moment + self.setup.assumed["sqs_way_seconds"], self.line.arrive, cohort)

    # ---- a task is carried out

    def wait_and_claim(self, moment, cohort):
        self.time.at(max(moment, cohort.due - HEAD_START_SECONDS), self.claim, cohort)

    def claim(self, moment, cohort):
        self.table["claim"].ask(moment, cohort, self.claimed, self.not_claimed)

    def claimed(self, moment, cohort):
        begins = max(moment + self.setup.assumed["write_seconds"], cohort.due)
        self.out.late.add(begins - cohort.due, cohort.count)
        self.out.begun += cohort.count
        self.out.last_begun = max(self.out.last_begun, begins)
        self.time.at(begins + self.setup.assumed["webhook_seconds"], self.settle, cohort)

    def not_claimed(self, moment, cohort):
        """Its message comes back after 33 minutes; the reconciler is faster."""
        self.lose(moment, cohort, cohort.due + GRACE_SECONDS)

    def settle(self, moment, cohort):
        self.table["settle"].ask(moment, cohort, self.completed, self.not_settled)

    def completed(self, moment, cohort):
        self.out.completed += cohort.count
        self.time.at(moment + self.setup.assumed["write_seconds"] + cohort.hold, lambda at: self.release(at, cohort))

    def not_settled(self, moment, cohort):
        """The webhook was called, and nobody knows: when the lease has ended it is called again."""
        self.out.called_again += cohort.count
        self.out.begun -= cohort.count
        self.lose(moment, cohort, moment + LEASE_SECONDS)

    def lose(self, moment, cohort, found):
        self.out.lost += cohort.count
        self.overdue.append((max(found, moment), Cohort(cohort.count, cohort.due)))
        self.release(moment, cohort)

    def release(self, moment, cohort):
        self.execute_task.end(cohort.runs)
        if cohort.source == "timer":
            self.timers.ended(moment, cohort.runs)
        elif cohort.source == "line":
            self.line.ended(moment, cohort.runs)

    # ---- the reconciler

    def reconcile(self, moment):
        """Fills the line, but for what waits in it already, with what was lost and with schedules that have not fired in time."""
        room = self.setup.wake_ups_per_second * RECONCILER_SECONDS - self.line_waits
        sent = 0.0
        while room > 1e-6:
            cohort = self.found(moment, room)
            if cohort is None:
                return
            room -= cohort.count
            self.to_line(moment + 1 + sent / self.setup.wake_ups_per_second, cohort)
            self.table["mark"].take(cohort.count)
            sent += cohort.count

    def found(self, moment, room):
        for number, (since, cohort) in enumerate(self.overdue):
            if since <= moment:
                if cohort.count > room:
                    return cohort.cut(room)
                del self.overdue[number]
                return cohort
        if self.invocations.queue:
            _, cohort, _, _ = self.invocations.queue[0]
            if cohort.due + GRACE_SECONDS <= moment:
                return self.ahead_of_its_schedule(cohort, min(room, cohort.count))
        return None

    def ahead_of_its_schedule(self, cohort, count):
        """The schedule fires all the same, later; that it finds nothing to do is not modelled, and its invocation is saved: a kindness."""
        part = cohort.cut(count)
        self.invocations.count -= count
        self.schedules = max(0.0, self.schedules - count)
        if cohort.count <= 1e-9:
            self.invocations.queue.popleft()
        return part
