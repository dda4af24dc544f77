"""Cases whose result can be reckoned by hand, held against the model's parts and the whole. Run by bench/scale --self-test."""
import random

from scale_core import Bucket, Concurrency, Gate, Lateness, Pollers, Pool, Slices
from scale_plan import Plan, ladder, walls
from scale_system import Cohort, Setup, System, parameters

UNLIMITED = {name: None for name in (
    "api_account_requests_per_second", "lambda_concurrency", "lambda_growth_environments", "lambda_requests_per_concurrency", "poller_start", "poller_most",
    "create_schedule_per_second", "schedule_invocations_per_second", "schedules", "table_writes_per_second", "index_writes_per_second",
    "partition_writes_per_second")}


def nobody(*_):
    pass


def unlimited(**changes):
    quota = {**UNLIMITED, **changes.pop("quota", {})}
    return Setup.default().but(api_requests_per_second=None, warm_writes_per_second=None, timer_concurrency=10 ** 6, wake_up_concurrency=10 ** 6,
                               quota=quota, assumed={"cold_start_seconds": 0.0, **changes.pop("assumed", {})}, **changes)


def near(value, wanted, within):
    assert abs(value - wanted) <= within, f"{value} instead of {wanted}"


def waits_of_a_gate(rate, count, patience):
    time, bucket, waits, refused = Slices(0.1), Bucket("calls", rate), [], []
    gate = Gate([(bucket, 1)], nobody, patience)
    time.at(0.0, lambda moment: gate.ask(moment, Cohort(count, 0), lambda at, part: waits.append((at, part.count)),
                                         lambda at, part: refused.append(part.count)))

    def each(moment):
        bucket.refill(0.1)
        gate.serve(moment)

    time.run(60, each)
    return waits, sum(refused)


def a_bucket_lets_its_burst_through_and_the_rest_at_its_rate():
    waits, refused = waits_of_a_gate(100, 1000, float("inf"))
    near(waits[0][1], 100, 1e-6)
    near(waits[-1][0], 9.0, 0.1)
    near(sum(count for _, count in waits), 1000, 1e-6)
    near(sum(at * count for at, count in waits) / 1000, 0.9 * 4.55, 0.1)  # 900 wait 0.1 to 9.0 s
    assert refused == 0


def who_waits_longer_than_the_patience_is_refused():
    waits, refused = waits_of_a_gate(100, 1000, 2)
    near(sum(count for _, count in waits), 300, 10)
    near(refused, 700, 10)


def served(workers, batch, seconds, arrivals, growth=0.0, width=0.1, until=200):
    """How long each waited in a queue with such pollers and runs that all last as long; the moments when tasks were taken."""
    time, waits, takes = Slices(width), [], []
    pool = Pool(Concurrency(None), Bucket("environments", None), Bucket("invocations", None))

    def taken(chosen, _):
        for moment, cohort, runs, _ in chosen:
            waits.append((moment - cohort.due, cohort.count))
            takes.append((moment, cohort.count))
            time.at(moment + seconds, lambda at, runs=runs: (pool.end(runs), pollers.ended(at, runs)))

    pollers = Pollers("Timer", pool, batch, workers, growth, 10 ** 6 if growth else workers, taken, nobody)
    for moment, count in arrivals:
        time.at(moment, pollers.arrive, Cohort(count, moment))
    time.run(until, lambda moment: pollers.serve(moment, width))
    return waits, takes, pollers


def ten_workers_take_a_hundred_tasks_in_ten_waves():
    waits, takes, _ = served(10, 1, 1.0, [(0.05, 100)])
    for wave in range(10):
        near(sum(count for moment, count in takes if wave - 0.01 <= moment - 0.05 < wave + 0.99), 10, 1e-6)
    near(max(wait for wait, _ in waits), 9.0, 0.01)


def batches_of_ten_are_ten_times_as_fast():
    _, takes, _ = served(10, 10, 1.0, [(0.05, 1000)])
    near(takes[-1][0], 9.05, 0.01)


def one_worker_and_chance_wait_as_pollaczek_and_khinchine_say():
    # M/D/1, load 0.5, service 1 s: 0.5 * 1 / (2 * (1 - 0.5)) = 0.5 s.
    chance, moment, arrivals = random.Random(7), 0.0, []
    for _ in range(4000):
        moment += chance.expovariate(0.5)
        arrivals.append((moment, 1.0))
    waits, _, _ = served(1, 1, 1.0, arrivals, width=0.05, until=moment + 100)
    near(sum(wait * count for wait, count in waits) / sum(count for _, count in waits), 0.5, 0.06)


def pollers_begin_with_five_and_grow_by_five_a_second():
    # 10 * (5 t + 2.5 t^2) = 10,000 tasks: t = 19.0 s
    _, takes, pollers = served(5, 10, 1.0, [(0.0, 10000)], growth=5.0, until=60)
    near(takes[-1][0], 19.0, 1.0)
    near(pollers.limit, 5, 1e-6)


def environments_grow_by_a_thousand_and_a_hundred_a_second():
    growth = Bucket("environments", 100, 1000)
    pool = Pool(Concurrency(None), growth, Bucket("invocations", None))
    near(pool.room(), 1000, 1e-6)
    assert pool.begin(1000) == 1000 and pool.room() == 0
    for _ in range(50):
        growth.refill(0.1)
    near(pool.room(), 500, 1e-6)
    pool.end(200)
    near(pool.room(), 700, 1e-6)
    assert pool.begin(200) == 0, "warm ones first"


def percentiles_are_by_nearest_rank():
    late = Lateness()
    for second in range(1, 101):
        late.add(float(second), 1)
    assert late.percentiles(0.5, 0.99, 1) == [50.0, 99.0, 100.0], late.percentiles(0.5, 0.99, 1)


def without_limits_nobody_is_late():
    system = System(unlimited())
    system.pending_near(100000, 10)
    out = system.run(60, True)
    near(out.completed, 100000, 1e-3)
    near(out.late.percentiles(1)[0], 0, 1e-6)


def far_timers_of_one_instant_take_their_number_through_the_invocations_a_second():
    # 5 minutes early: 40,000 at 100 a second are handed over by 400 s after the first, the last 100 s after their time.
    system = System(unlimited(quota={"schedule_invocations_per_second": 100}))
    system.pending_far(40000, 400)
    out = system.run(2000, True)
    near(out.late.percentiles(1)[0], 99, 1.5)
    near(out.late.percentiles(0.5)[0], 0, 1e-6)
    near(out.completed, 40000, 1e-3)


def late_by_two_minutes_means_into_the_line():
    system = System(unlimited(quota={"schedule_invocations_per_second": 100}))
    system.pending_far(60000, 400)
    out = system.run(2000, True)
    # 42,000 are handed over by 120 s after their time; of the others the reconciler takes some before their schedules fire.
    assert out.to_line > 3000, out.to_line
    near(out.completed, 60000, 1e-3)


def shards_are_a_thousand_writes_a_second_each():
    # Two entries of open tasks for each: 4 shards carry 2,000 tasks a second.
    setup = unlimited(index_shards=4, quota={"partition_writes_per_second": 1000})
    assert walls(setup, 0)[0] == ("IndexShards, entries of open tasks", 2000.0), walls(setup, 0)[0]
    fits, too_many = (System(setup, far=0.0, feed=lambda _, rate=rate: rate).run(120) for rate in (1800, 2300))
    assert not fits.bites(), fits.bites()
    assert too_many.bites()[0][1] == "IndexShards, entries of open tasks", too_many.bites()


def no_task_goes_missing():
    system = System(Setup.default(), feed=lambda moment: 3000 if moment < 30 else 0)
    out = system.run(1400)
    near(out.offered, out.accepted + sum(out.refused.values()), 1e-3)
    near(out.completed, out.accepted, 1e-3)
    near(out.late.count(), out.accepted, 1e-3)


def the_schedules_quota_refuses_what_does_not_fit():
    out = System(unlimited(quota={"schedules": 1000}), far=1.0, feed=lambda _: 100).run(60)
    near(out.accepted, 1000, 1)
    assert out.bites()[0][1] == "EventBridge Scheduler, schedules that exist"


def the_same_seed_gives_the_same():
    first, second = (System(Setup.default(), seed=3, feed=lambda _: 500).run(60) for _ in range(2))
    assert first.offered == second.offered and first.late.weights == second.late.weights
    assert first.offered != System(Setup.default(), seed=4, feed=lambda _: 500).run(60).offered


def the_template_is_read():
    found = parameters()
    assert found["IndexShards"][1] >= found["IndexShards"][0] >= 1 and "TimerConcurrency" in found and "WakeUpsPerSecond" in found, found


def each_step_of_the_ladder_leads_higher():
    for far in (0.0, 0.5, 1.0):
        rates = [rate for _, _, rate, _ in ladder(Setup.default(), far)]
        assert rates == sorted(rates) and len(rates) > 4, rates


def a_plan_stays_below_all_walls():
    for rate in (10, 1e3, 1e4, 1e5, 1e6):
        plan = Plan(Setup.default(), rate, 0.5)
        assert walls(plan.setup, 0.5)[0][1] * 0.75 >= plan.each, (rate, walls(plan.setup, 0.5)[0])


CASES = [case for name, case in list(globals().items()) if callable(case) and getattr(case, "__module__", "") == __name__ and "_" in name
         and name not in ("waits_of_a_gate",)]


def main():
    failed = 0
    for case in CASES:
        try:
            case()
        except AssertionError as wrong:
            failed += 1
            print(f"FAILED  {case.__name__.replace('_', ' ')}: {wrong}")
    print(f"{len(CASES) - failed} of {len(CASES)} cases as reckoned")
    return 1 if failed else 0
