"""Stands in for the API on this machine, to try an example: python stand_in.py [port].

It accepts what the API would accept and answers 202, or refuses it with 400. Two servers make it fail:
``refused.example`` is refused with 400 in words of its own, and ``broken.example`` gets the answer 500.
"""

import itertools
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mailbox_schema import failure_response, iter_violations

PROBLEM = {
    "title": "Internal error",
    "status": 500,
    "detail": "Try later",
    "timestamp": "2025-03-05 17:57:00",
}
NUMBERS = itertools.count(123456)


def answer(body):
    """Return the status and the body of the answer."""
    if violations := list(iter_violations(body)):
        return 400, failure_response(violations)
    servers = [mailbox["smtp_server"] for mailbox in body["mailboxes"]]
    if "broken.example" in servers:
        return 500, PROBLEM
    if "refused.example" in servers:
        index = servers.index("refused.example")
        line = (
            f"mailbox[{index}].smtp_server refused the login of {body['mailboxes'][index]['smtp_password']}"
        )
        return 400, {"code": "UNKNOWN", "details": [line]}
    return 202, {"batch_id": next(NUMBERS)}


class Handler(BaseHTTPRequestHandler):
    """Answers a POST. It writes no log: a request has passwords."""

    def do_POST(self):
        status, body = answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        """Say nothing."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8001
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
