"""Asks the receiver of docs/webhooks.md about each line of the file: secret, id, timestamp, signature and body, each in base64."""
import base64
import sys

from receiver import receiver

with open(sys.argv[1], encoding="ascii") as lines:
    for line in lines:
        secret, id, timestamp, signature, body = (base64.b64decode(part) for part in line.rstrip("\n").split(" "))
        headers = {"webhook-id": id.decode(), "webhook-timestamp": timestamp.decode(), "webhook-signature": signature.decode()}
        print(str(receiver(secret.decode())(headers, body)).lower())
