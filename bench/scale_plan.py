"""Where the walls stand by arithmetic, which setting moves each, and what to set for a load. bench/scale lets the model confirm each of them."""
import json
import math

from scale_system import BATCH, QUOTAS, WRITES, parameters, quotas

# What is left free above a steady load: for chance, retries, and a caller's bad minute.
MARGIN = 0.7
NAMES = {key: entry["name"] for key, entry in json.loads(QUOTAS.read_text())["quotas"].items()}
MOST = {name: most for name, (_, most) in parameters().items()}


def run_seconds(setup, batch):
    """A run of ExecuteTask with so many tasks that are not late: the latest of them is waited for, at most 1.1 s, then its calls are made."""
    assumed = setup.assumed
    early = 0.1 + batch / (batch + 1) - assumed["sqs_way_seconds"]
    return max(assumed["read_seconds"], early) + assumed["webhook_seconds"] + assumed["write_seconds"]


def request_seconds(setup, timer):
    assumed = setup.assumed
    return assumed["request_seconds"] + (assumed["write_seconds"] + assumed[timer]) * max(1, setup.tasks_per_request / 10)


def runs_besides(setup, far):
    """Runs at a time for each task a second, but for those that carry tasks out: to schedule it, and to hand it over to a message."""
    scheduling = ((1 - far) * request_seconds(setup, "send_seconds") + far * request_seconds(setup, "create_schedule_seconds")) / setup.tasks_per_request
    return scheduling + far * (setup.assumed["read_seconds"] + setup.assumed["send_seconds"])


def walls(setup, far):
    """Tasks a second, scheduled and carried out for long, at which each limit is reached, by its name; the lowest first."""
    quota = setup.quota
    per_request = setup.tasks_per_request

    def each(limit, use):
        return math.inf if limit is None or use == 0 else limit / use

    entries = [sum(WRITES[name][part] for name in ("create", "claim", "settle")) for part in range(3)]
    partition = quota["partition_writes_per_second"]
    shards = None if partition is None else partition * setup.index_shards
    concurrency = quota["lambda_concurrency"]
    found = {
        "ApiRequestsPerSecond": each(setup.api_requests_per_second, 1 / per_request),
        "API Gateway, requests of the account": each(quota["api_account_requests_per_second"], 1 / per_request),
        # Pollers take messages as soon as a run is free, so with few to a run: they use all that TimerConcurrency allows long before they must.
        "Lambda, runs at a time in the account": each(None if concurrency is None else max(0, concurrency - setup.timer_concurrency), runs_besides(setup, far)),
        "Lambda, invocations a second": each(None if concurrency is None or quota["lambda_requests_per_concurrency"] is None else
                                             concurrency * quota["lambda_requests_per_concurrency"], 1 / per_request + 1 / BATCH + far),
        "TimerConcurrency": each(setup.timer_concurrency, run_seconds(setup, BATCH) / BATCH),
        "EventBridge Scheduler, CreateSchedule": each(quota["create_schedule_per_second"], far),
        "EventBridge Scheduler, invocations": each(quota["schedule_invocations_per_second"], far),
        "DynamoDB, write units of the table": each(quota["table_writes_per_second"], entries[0]),
        "DynamoDB, write units of the index": each(quota["index_writes_per_second"], entries[1] + entries[2]),
        "DynamoDB, what the table is warm for": each(setup.warm_writes_per_second, entries[0]),
        "DynamoDB, what the index is warm for": each(setup.warm_writes_per_second, entries[1] + entries[2]),
        "IndexShards, entries of open tasks": each(shards, entries[1]),
        "IndexShards, entries of finished tasks": each(shards, entries[2]),
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def next_step(setup, far):
    """The lowest wall, what moves it, and the setup after that; None for what nothing moves but another stack."""
    name, rate = walls(setup, far)[0]
    if name == "ApiRequestsPerSecond" and setup.api_requests_per_second < MOST["ApiRequestsPerSecond"]:
        most = MOST["ApiRequestsPerSecond"]
        return name, rate, f"ApiRequestsPerSecond={most}, ApiRequestBurst={MOST['ApiRequestBurst']}", setup.but(
            api_requests_per_second=most, api_request_burst=MOST["ApiRequestBurst"])
    if name in ("ApiRequestsPerSecond", "API Gateway, requests of the account") and setup.tasks_per_request == 1:
        return name, rate, "POST /schedule-tasks with 100 tasks, its rate in RouteSettings 1,000", setup.but(
            tasks_per_request=100, api_requests_per_second=1000, api_request_burst=2000)
    if name.startswith("DynamoDB, what"):
        most = setup.quota["table_writes_per_second"]
        return name, rate, f"table and index warmed for {most:,} writes a second", setup.but(warm_writes_per_second=most)
    if name == "TimerConcurrency" and setup.timer_concurrency < MOST["TimerConcurrency"]:
        return name, rate, f"TimerConcurrency={MOST['TimerConcurrency']}, quota raised: runs at a time in the account, 3,000", setup.but(
            timer_concurrency=MOST["TimerConcurrency"], quota={"lambda_concurrency": max(3000, setup.quota["lambda_concurrency"])})
    if name.startswith("IndexShards") and setup.index_shards < MOST["IndexShards"]:
        return name, rate, f"IndexShards={MOST['IndexShards']}", setup.but(index_shards=MOST["IndexShards"])
    raised = {"Lambda, runs at a time in the account": ("lambda_concurrency", 10000), "Lambda, invocations a second": ("lambda_concurrency", 10000),
              "EventBridge Scheduler, CreateSchedule": ("create_schedule_per_second", 50000),
              "EventBridge Scheduler, invocations": ("schedule_invocations_per_second", 50000)}
    if name in raised and setup.quota[raised[name][0]] < raised[name][1]:
        key, value = raised[name]
        return name, rate, f"quota raised: {NAMES[key]}, {value:,}", setup.but(quota={key: value})
    return name, rate, None, None


def ladder(setup, far):
    """From the template's defaults up: wall after wall, until only another stack helps."""
    steps = []
    while setup is not None:
        name, rate, remedy, after = next_step(setup, far)
        steps.append((setup, name, rate, remedy))
        setup = after
    return steps


def round_up(value, unit):
    return int(math.ceil(value / unit - 1e-9) * unit)


class Plan:
    """What to set for a steady load: how many stacks, and for each its parameters and the quotas of its account and region."""

    def __init__(self, setup, rate, far):
        self.rate, self.far = rate, far
        most_of_one = MARGIN * MOST["TimerConcurrency"] * BATCH / run_seconds(setup, BATCH)
        self.stacks = max(1, math.ceil(rate / most_of_one))
        each = self.each = rate / self.stacks
        by_hundreds = each > MARGIN * min(quotas()["api_account_requests_per_second"], MOST["ApiRequestsPerSecond"]) or self.stacks > 1
        per_request = 100 if by_hundreds else 1
        self.api = round_up(each / per_request / MARGIN, 10)
        self.shards = min(MOST["IndexShards"], max(setup.index_shards, round_up(2 * each / 1000 / MARGIN, 4)))
        self.timers = min(MOST["TimerConcurrency"], max(setup.timer_concurrency, round_up(each * run_seconds(setup, BATCH) / BATCH / MARGIN, 50)))
        self.warm = max(setup.warm_writes_per_second, round_up(3 * each / MARGIN, 1000))
        probe = setup.but(tasks_per_request=per_request)
        concurrency = each * runs_besides(probe, far) + self.timers + setup.wake_up_concurrency + 4
        started = setup.quota
        self.quota = {"lambda_concurrency": max(started["lambda_concurrency"], round_up(concurrency / MARGIN, 500)),
                      "create_schedule_per_second": max(started["create_schedule_per_second"], round_up(far * each / MARGIN, 500)),
                      "schedule_invocations_per_second": max(started["schedule_invocations_per_second"], round_up(far * each / MARGIN, 500)),
                      "table_writes_per_second": max(started["table_writes_per_second"], self.warm),
                      "index_writes_per_second": max(started["index_writes_per_second"], self.warm)}
        need = each * (1 / per_request + 1 / BATCH + far) / MARGIN / started["lambda_requests_per_concurrency"]
        self.quota["lambda_concurrency"] = max(self.quota["lambda_concurrency"], round_up(need, 500))
        self.setup = setup.but(tasks_per_request=per_request, api_requests_per_second=self.api, api_request_burst=2 * self.api, index_shards=self.shards,
                               timer_concurrency=self.timers, warm_writes_per_second=self.warm, quota=self.quota)

    def raised(self):
        """The quotas that are asked for, by name."""
        return {key: value for key, value in self.quota.items() if value != quotas()[key]}
