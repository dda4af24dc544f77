// Asks the receiver of docs/webhooks.md about each line of the file: secret, id, timestamp, signature and body, each in base64.
import { readFileSync } from "node:fs";
import { receiver } from "./receiver.mjs";

for (const line of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const [secret, id, timestamp, signature, body] = line.split(" ").map((part) => Buffer.from(part, "base64"));
  console.log(receiver(`${secret}`)({ "webhook-id": `${id}`, "webhook-timestamp": `${timestamp}`, "webhook-signature": `${signature}` }, body));
}
