"""What the benches share: the local run as a process, calls of its API, and a receiver that notes who called it and how many at a time.

LOCAL_RUN in the environment names another command to start it with than Maven; it is given the -Dlocal.… options.
"""
import collections
import http.client
import http.server
import json
import os
import shlex
import signal
import socketserver
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
LOG = os.path.join(ROOT, "target", "bench-local-run.log")
COMMAND = shlex.split(os.environ.get("LOCAL_RUN", "mvn -B -ntp -Plocal"))
LAUNCHER = "io.taskscheduler.local.Launcher"
DYNAMODB = "io.taskscheduler.local.dynamodb.DynamoDbMain"


class LocalRun:
    """One start of the local run on a folder, or in memory for None, in a process group of its own, with further -Dlocal.… options."""

    def __init__(self, folder, port, *options):
        self.base = f"http://127.0.0.1:{port}"
        os.makedirs(os.path.join(ROOT, "target"), exist_ok=True)
        kept = [f"-Dlocal.data={folder}"] if folder else []
        with open(LOG, "wb") as log:
            self.process = subprocess.Popen([*COMMAND, f"-Dlocal.port={port}", *kept, *options], cwd=ROOT, start_new_session=True,
                                            stdout=log, stderr=subprocess.STDOUT)
        try:
            self.await_ready()
        except BaseException:  # Ctrl-C too: nobody else knows of the process yet
            self.end()
            raise

    def await_ready(self):
        while True:
            try:
                urllib.request.urlopen(self.base + "/_local/health", timeout=2)
                return
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"the local run did not start: {LOG} says why")
                time.sleep(0.1)

    def send(self, method, path, body=None, headers=None, timeout=600):
        """The status, or 0 when no answer came, and the answer's JSON."""
        request = urllib.request.Request(self.base + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"content-type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, {}
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}

    def get(self, path):
        """Asked again for a while: what is overloaded answers 503."""
        for _ in range(10):
            status, answer = self.send("GET", path)
            if status == 200:
                return answer
            time.sleep(2)
        sys.exit(f"GET {path} answered {status}")

    def advance(self, duration):
        status, _ = self.send("POST", "/_local/clock", {"advance": duration})
        if status != 200:
            sys.exit(f"the clock did not move: {status}")

    def tasks(self, ids):
        with ThreadPoolExecutor(8) as threads:
            return list(threads.map(lambda task: self.get("/tasks/" + task), ids))

    def processes(self, named=""):
        listed = subprocess.run(["ps", "-eo", "pgid=,pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 3) for line in listed.splitlines()]
        return [int(pid) for pgid, pid, stat, args in rows if int(pgid) == self.process.pid and named in args and "Z" not in stat]

    def kill(self, *names):
        """kill -9 of those parts; gives the number of processes that are left when it had two seconds to end."""
        for pid in [pid for name in names for pid in self.processes(name)]:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 15
        self.process.wait()
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return len(self.processes())

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait()
        while self.processes():
            time.sleep(0.1)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 1024


class Receiver:
    """Takes webhooks on a free port, each for as long as the given function of its path says."""

    def __init__(self, seconds):
        self.lock = threading.Lock()
        self.calls = collections.defaultdict(list)  # by webhook-id: (moment, path, task-scheduled-at, possible duplicate)
        self.at_once = collections.Counter()  # by webhook-id, now
        self.overlaps = set()
        self.in_flight = self.most = 0
        self.callers = 1  # counts those that were killed
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("content-length") or 0))
                task = self.headers["webhook-id"]
                caller = receiver.begin(task, (time.monotonic(), self.path, self.headers["task-scheduled-at"],
                                               self.headers.get("task-possible-duplicate") == "true"))
                time.sleep(seconds(self.path))
                receiver.finish(task, caller)
                try:
                    self.send_response(200)
                    self.end_headers()
                except OSError:
                    pass  # the caller was killed

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def begin(self, task, call):
        with self.lock:
            self.calls[task].append(call)
            self.in_flight += 1
            self.most = max(self.most, self.in_flight)
            self.at_once[task] += 1
            if self.at_once[task] > 1:
                self.overlaps.add(task)
            return self.callers

    def finish(self, task, caller):
        with self.lock:
            if caller == self.callers:
                self.in_flight -= 1
                self.at_once[task] -= 1

    def forget_what_is_in_flight(self):
        """Who called was killed: what is still being answered is no attempt any more."""
        with self.lock:
            self.callers += 1
            self.in_flight = 0
            self.at_once.clear()
