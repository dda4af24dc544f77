"""The local run, started, waited for and ended by the checks beside this file."""
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

STOP_SECONDS = 30


def fail(text):
    raise AssertionError(text)


def wait_for(what, seconds, answer):
    """Asks until the answer is something; there is no event to wait for in another process."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = answer()
        if found:
            return found
        time.sleep(0.2)
    return fail(f"{what}: not within {seconds} s")


def get(url):
    """Status and JSON, or (None, None) when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refused:
        return refused.code, None
    except (OSError, ValueError):
        return None, None


class Run:
    """The local run in a session of its own, so that everything it starts can be found again."""

    def __init__(self, command, folder, log, api, say):
        self.log, self.api, self.say = log, api, say
        self.began = time.monotonic()
        with open(log, "wb") as out:
            self.maven = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
                # A shell that was itself put into the background hands on "ignore Ctrl-C".
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        say(f"started {' '.join(command)} (process {self.maven.pid})")

    def text(self):
        return re.sub(r"\x1b\[[0-9;]*m", "", Path(self.log).read_text(errors="replace"))

    def ready(self, seconds):
        def health():
            if self.maven.poll() is not None:
                fail(f"the local run ended by itself with {self.maven.returncode}")
            status, body = get(f"{self.api}/_local/health")
            return body if status == 200 and body["status"] == "ready" else None
        body = wait_for("ready", seconds, health)
        self.say(f"ready after {time.monotonic() - self.began:.1f} s")
        return body

    def processes(self):
        """Process id to resident megabytes of all that is left of the session."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if int(fields[3]) == self.maven.pid and fields[0] != "Z":
                    found[int(stat.parent.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
            except OSError:
                pass  # ended while we looked
        return found

    def end(self):
        """Whatever happened, nothing of ours stays behind."""
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.maven.wait()

    def stop(self, how, send, health):
        """Sends the signal; afterwards there must be no process and no listening port."""
        ports = [urlsplit(url).port for url in health["endpoints"].values()]
        send()
        began = time.monotonic()
        wait_for(f"{how}: all processes gone", STOP_SECONDS, lambda: self.maven.poll() is not None and not self.processes())
        for port in ports:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    fail(f"{how}: something still listens on port {port}")
        self.say(f"{how}: no process and no port left after {time.monotonic() - began:.1f} s")

    def last_words(self):
        self.say("the last of what the local run printed:")
        print("\n".join(self.text().splitlines()[-60:]))
