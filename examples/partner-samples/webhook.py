"""Take webhooks and believe only what is signed: WEBHOOK_SECRET=whsec_… webhook.py PORT."""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

SECRET = Webhook(os.environ["WEBHOOK_SECRET"])
SEEN: set[str] = set()  # keep these for four days; every retry has the same webhook-id


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))  # as it came, not parsed
        try:
            event = SECRET.verify(body, dict(self.headers.items()))
        except WebhookVerificationError:
            self.answer(401)
            return
        self.answer(200)  # at once; the work comes after
        if self.headers["webhook-id"] not in SEEN:
            SEEN.add(self.headers["webhook-id"])
            print(event["type"], event.get("incident_id", event["id"]), flush=True)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()


HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
