"""The parts of bench/scale's model that know nothing of AWS: time in slices, rate limits, pools that grow, pollers of a queue, percentiles.

What moves is a cohort: a number of tasks, not necessarily whole, that are alike. A cohort that meets no limit moves at exact moments. One that has
to wait is served at the beginning of a slice, so its waits are exact to a slice.
"""
from bisect import bisect_left
from collections import defaultdict, deque

NOTHING = 1e-9


class Slices:
    """The agenda: what happens at which moment, worked off slice by slice."""

    def __init__(self, width):
        self.width = width
        self.index = 0
        self.agenda = defaultdict(list)

    @property
    def start(self):
        return self.index * self.width

    def at(self, moment, call, *given):
        """What lies in a slice that has begun happens in it."""
        index = int(moment / self.width + NOTHING)
        self.agenda[index if index > self.index else self.index].append((moment, call, given))

    def run(self, end, each_slice):
        """Calls each_slice at the beginning of each, then what is on the agenda in it; that may add to the same slice."""
        for self.index in range(self.index, int(end / self.width + 0.5)):
            each_slice(self.start)
            entries = self.agenda.get(self.index, ())
            for moment, call, given in entries:
                call(moment, *given)
            self.agenda.pop(self.index, None)
        self.index += 1

    def left(self):
        return any(self.agenda.values())


class Bucket:
    """Tokens at a rate, of which no more than the burst are kept. None as rate: without a limit."""

    def __init__(self, name, rate, burst=None):
        self.name = name
        self.rate = rate
        self.burst = rate if burst is None else burst
        self.tokens = self.burst
        self.taken = 0.0

    def refill(self, seconds):
        if self.rate is not None:
            self.tokens = min(self.burst, self.tokens + self.rate * seconds)

    def room(self):
        return float("inf") if self.rate is None else max(0.0, self.tokens)

    def take(self, count):
        self.taken += count
        if self.rate is not None:
            self.tokens -= count


class Gate:
    """A call that costs tokens of one or more buckets. Who gets none waits in order, for no longer than the patience.

    waited(name, count, seconds, moment) is told of each that waited, with the bucket that it waited for.
    """

    def __init__(self, costs, waited, patience=float("inf")):
        self.costs = costs
        self.waited = waited
        self.patience = patience
        self.queue = deque()
        self.count = 0.0

    def room(self):
        return min((bucket.room() / cost for bucket, cost in self.costs), default=float("inf"))

    def narrowest(self):
        return min(self.costs, key=lambda pair: pair[0].room() / pair[1])[0].name

    def take(self, count):
        for bucket, cost in self.costs:
            bucket.take(count * cost)

    def ask(self, moment, cohort, then, refused=None):
        """then(moment, cohort) when it is let through; refused(moment, cohort) when its patience has ended. A cohort may be cut in two."""
        if not self.queue:
            room = self.room()
            if room >= cohort.count:
                self.take(cohort.count)
                then(moment, cohort)
                return
            if room > NOTHING:
                self.take(room)
                then(moment, cohort.cut(room))
        self.queue.append((moment, cohort, then, refused))
        self.count += cohort.count

    def serve(self, moment):
        """At the beginning of a slice, when the buckets have been filled."""
        while self.queue:
            since, cohort, then, refused = self.queue[0]
            if moment - since > self.patience:
                self.queue.popleft()
                self.count -= cohort.count
                self.waited(self.narrowest(), cohort.count, moment - since, moment)
                refused(moment, cohort)
                continue
            room = self.room()
            if room <= NOTHING:
                return
            if room < cohort.count:
                part = cohort.cut(room)
            else:
                part = cohort
                self.queue.popleft()
            self.count -= part.count
            self.waited(self.narrowest(), part.count, max(0.0, moment - since), moment)
            self.take(part.count)
            then(max(moment, since), part)


class Concurrency:
    """Runs at a time that several share."""

    def __init__(self, limit):
        self.limit = limit
        self.running = 0.0
        self.peak = 0.0

    def free(self):
        return float("inf") if self.limit is None else max(0.0, self.limit - self.running)

    def begin(self, runs):
        self.running += runs
        self.peak = max(self.peak, self.running)

    def end(self, runs):
        self.running = max(0.0, self.running - runs)


class Pool:
    """The environments of one function: warm ones are used again, new ones come at a rate and start cold. No environment goes away."""

    def __init__(self, account, growth, requests, own=None):
        self.account = account
        self.growth = growth
        self.requests = requests
        self.own = own or Concurrency(None)
        self.environments = 0.0

    def room(self):
        idle = self.environments - self.own.running
        return max(0.0, min(self.account.free(), self.own.free(), self.requests.room(), idle + self.growth.room()))

    def narrowest(self):
        idle = self.environments - self.own.running
        return min((self.account.free(), "Lambda, runs at a time in the account"), (self.own.free(), "ExecuteTaskConcurrency"),
                   (self.requests.room(), self.requests.name), (idle + self.growth.room(), self.growth.name))[1]

    def begin(self, runs):
        """How many of them are cold starts. There must be room."""
        cold = max(0.0, runs - (self.environments - self.own.running))
        self.growth.take(cold)
        self.requests.take(runs)
        self.environments += cold
        self.account.begin(runs)
        self.own.begin(runs)
        return cold

    def end(self, runs):
        self.account.end(runs)
        self.own.end(runs)


class Pollers:
    """What takes a queue's messages to a function, so many to a run: begins with few runs at a time, and adds more while messages wait.

    taken(moment, cohort, runs, cold) is called for what a run takes; cohorts of one slice share their runs in proportion.
    """

    def __init__(self, name, pool, batch, start, growth, most, taken, waited):
        self.name = name
        self.pool = pool
        self.batch = batch
        self.start = min(start, most)
        self.growth = growth
        self.most = most
        self.taken = taken
        self.waited = waited
        self.limit = float(self.start)
        self.running = 0.0
        self.queue = deque()
        self.count = 0.0
        self.peak = 0.0

    def arrive(self, moment, cohort):
        self.count += cohort.count
        self.peak = max(self.peak, self.count)
        since, last = self.queue[-1] if self.queue else (0.0, None)
        if last is not None and last.due == cohort.due and moment - since < 1:
            last.count += cohort.count
        else:
            self.queue.append((moment, cohort))
        self.take(moment)

    def ended(self, moment, runs):
        """What is free takes more at once, or as soon as a twentieth of all is free: cohorts must not crumble. The pool has its runs back already."""
        self.running = max(0.0, self.running - runs)
        if self.limit - self.running >= self.limit / 20:
            self.take(moment)

    def narrowest(self):
        if self.limit - self.running > self.pool.room():
            return self.pool.narrowest()
        return f"{self.name}Concurrency" if self.limit >= self.most else "Lambda's pollers of a queue, growth"

    def take(self, moment):
        free = min(self.limit - self.running, self.pool.room())
        if self.count > NOTHING and free > NOTHING:
            # As long as runs are free nobody waits for company.
            count = min(self.count, free * self.batch)
            self.hand_over(moment, count, min(free, count), self.narrowest())

    def serve(self, moment, seconds):
        """At the beginning of a slice: what the pool has free meanwhile, and more runs while messages wait."""
        self.take(moment)
        if self.count > NOTHING:
            self.limit = min(self.most, self.limit + self.growth * seconds)
        else:
            self.limit = max(self.start, self.running, self.limit - self.growth * seconds)

    def hand_over(self, moment, count, runs, before):
        cold = self.pool.begin(runs)
        self.running += runs
        warm_left = count * (1 - cold / runs)
        chosen = []
        left = count
        while left > NOTHING and self.queue:
            since, cohort = self.queue[0]
            most = min(left, warm_left) if warm_left > NOTHING else left
            if cohort.count > most:
                part = cohort.cut(most)
            else:
                part = cohort
                self.queue.popleft()
            self.choose(chosen, moment, part, part.count * runs / count, warm_left <= NOTHING)
            self.waited(before, part.count, max(0.0, moment - since), moment)
            left -= part.count
            self.count -= part.count
            warm_left -= part.count
        if not self.queue:
            self.count = 0.0
        self.taken(chosen, count / runs)

    @staticmethod
    def choose(chosen, moment, part, runs, cold):
        """Adds it to what was chosen; what is alike stays together."""
        if chosen and chosen[-1][1].due == part.due and chosen[-1][3] == cold:
            _, before, its_runs, _ = chosen[-1]
            before.count += part.count
            chosen[-1] = moment, before, its_runs + runs, cold
        else:
            chosen.append((moment, part, runs, cold))


class Lateness:
    """Seconds with weights, kept to the millisecond."""

    def __init__(self):
        self.weights = defaultdict(float)
        self.by_second = defaultdict(float)

    def add(self, seconds, count):
        self.weights[int(max(0.0, seconds) * 1000 + 0.5)] += count

    def count(self):
        return sum(self.weights.values())

    def percentiles(self, *shares):
        """Seconds by nearest rank; 1 is the latest. Less than a thousandth of a task is none."""
        values = sorted(value for value, count in self.weights.items() if count > 1e-3)
        sums, total = [], 0.0
        for value in values:
            total += self.weights[value]
            sums.append(total)
        return [values[min(len(values) - 1, bisect_left(sums, share * total - NOTHING))] / 1000 if values else None for share in shares]
