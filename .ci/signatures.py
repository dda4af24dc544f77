"""The receivers that docs/webhooks.md shows, run against webhooks that a local run has sent."""
import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import subprocess
import time
import urllib.request
from xml.etree import ElementTree

from local_run import fail, get, wait_for

JAVA_LIBRARY = "com.standardwebhooks:standardwebhooks:1.2.0"
JAVA_SHA256 = "ba63bc64feb5866750ca72770108fbcbbed28862bc1cc577db7bd3ef9d2d007b"
DATA = {"text": "Grüße, 世界 🚀", "number": 1.50, "nul": "\u0000"}
SECONDS = 30


def send(api, path, body):
    request = urllib.request.Request(api + path, json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def delivered(api, name):
    """A webhook that the inbox has got by now: its id, timestamp, signature and body."""
    send(api, "/schedule-task", {"action": "webhook", "delay": "PT0S", "payload": {"url": f"{api}/_local/inbox/{name}", "data": DATA}})
    [request] = wait_for(f"webhook {name}", SECONDS, lambda: get(f"{api}/_local/inbox?name={name}")[1]["requests"])
    headers = request["headers"]
    return headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], request["body"]


def sign(secret, id, timestamp, body):
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), f"{id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def fresh_secret():
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def cases(api, file, old):
    """What each receiver is asked, and what it must say: name, expected, secret, id, timestamp, signature, body."""
    id, timestamp, signature, body = delivered(api, "genuine")
    if json.loads(body) != DATA or "世界" not in body:
        fail(f"the body is not what was scheduled: {body}")
    if signature != sign(old, id, timestamp, body):
        fail("the signature is not that of the specification")
    other, stale, ahead = fresh_secret(), str(int(timestamp) - 400), str(int(timestamp) + 400)
    yield "genuine", True, old, id, timestamp, signature, body
    yield "genuine, secret without its prefix", True, old.removeprefix("whsec_"), id, timestamp, signature, body
    yield "changed body", False, old, id, timestamp, signature, body.replace("世", "界")
    yield "white space added", False, old, id, timestamp, signature, body + " "
    yield "changed id", False, old, "01M80GP0H67C3315G48QCDJ9M6", timestamp, signature, body
    yield "changed timestamp", False, old, id, str(int(timestamp) + 1), signature, body
    yield "old, signed anew", False, old, id, stale, sign(old, id, stale, body), body
    yield "ahead, signed anew", False, old, id, ahead, sign(old, id, ahead, body), body
    yield "other secret", False, other, id, timestamp, signature, body
    yield "no signature", False, old, id, timestamp, "", body
    yield "a signature of nonsense", False, old, id, timestamp, "nonsense", body
    yield "another version's signature", False, old, id, timestamp, signature.replace("v1,", "v2,"), body
    yield from rotated(api, file, old, other)


def rotated(api, file, old, other):
    """Both keys are in force as soon as the functions ask again, which they do after five minutes of the virtual clock."""
    new = fresh_secret()
    file.write_text(f"SigningSecret={new} {old}\n", encoding="utf-8")
    send(api, "/_local/clock", {"advance": "PT10M"})
    id, timestamp, signature, body = delivered(api, "ahead")
    yield "of a clock that is ahead", False, old, id, timestamp, signature, body
    send(api, "/_local/clock", {"reset": True})
    id, timestamp, signature, body = delivered(api, "rotated")
    if signature != f"{sign(new, id, timestamp, body)} {sign(old, id, timestamp, body)}":
        fail(f"not signed with both: {signature}")
    yield "in a rotation, new secret", True, new, id, timestamp, signature, body
    yield "in a rotation, old secret", True, old, id, timestamp, signature, body
    yield "in a rotation, other secret", False, other, id, timestamp, signature, body


def snippet(page, language):
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return found


def quietly(*command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        fail(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def java(root, folder, page, asked):
    quietly("mvn", "-B", "-ntp", "-q", "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy", f"-Dartifact={JAVA_LIBRARY}",
            f"-DoutputDirectory={folder}", cwd=folder)
    [library] = folder.glob("standardwebhooks-*.jar")
    if hashlib.sha256(library.read_bytes()).hexdigest() != JAVA_SHA256:
        fail(f"{library.name} is not the one that was looked at")
    (folder / "Receiver.java").write_text(snippet(page, "java"), encoding="utf-8")
    [home] = {each.findtext("{*}configuration/{*}jdkHome") for each in ElementTree.parse(root / "target" / "jdks.xml").iterfind("{*}toolchain")
              if each.findtext("{*}provides/{*}version", "").split(".")[0] == "25"}
    quietly(f"{home}/bin/javac", "-Xlint:all", "-Werror", "-cp", library, "-d", folder, folder / "Receiver.java", folder / "Check.java")
    return quietly(f"{home}/bin/java", "-cp", f"{library}{os.pathsep}{folder}", "Check", asked)


def node(root, folder, page, asked):
    quietly("npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    (folder / "receiver.mjs").write_text(snippet(page, "js"), encoding="utf-8")
    return quietly("node", folder / "check.mjs", asked)


def python(root, folder, page, asked):
    (folder / "receiver.py").write_text(snippet(page, "python"), encoding="utf-8")
    return quietly("python", folder / "check.py", asked)


def check(root, api, folder, file, secret, say):
    """Fails unless each receiver takes what is genuine and nothing else. The file is the local run's -Dlocal.secrets."""
    began = time.monotonic()
    page = (root / "docs" / "webhooks.md").read_text(encoding="utf-8")
    for part in (root / ".ci" / "receivers").iterdir():
        (folder / part.name).write_bytes(part.read_bytes())
    asked = folder / "asked"
    known = list(cases(api, file, secret))
    asked.write_text("".join(" ".join(base64.b64encode(part.encode()).decode() for part in parts) + "\n" for _, _, *parts in known), encoding="ascii")
    for receiver in (java, node, python):
        said = receiver(root, folder, page, asked).split()
        wrong = [name for (name, expected, *_), answer in zip(known, said, strict=True) if answer != str(expected).lower()]
        if wrong:
            fail(f"the {receiver.__name__} receiver of docs/webhooks.md judges wrongly: {', '.join(wrong)}")
        say(f"the {receiver.__name__} receiver takes {said.count('true')} genuine webhooks and refuses {said.count('false')}: "
            f"{', '.join(name for name, expected, *_ in known if not expected)}")
    say(f"receivers took {time.monotonic() - began:.0f} s")
