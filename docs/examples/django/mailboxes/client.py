"""Sends a request body to the API. Its address and your key come from the environment."""

import json
import os
from http import HTTPStatus
from http.client import HTTPException
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from mailbox_schema import Violation, failure_response, parse_failure
from mailbox_schema.responses import parse_accepted, redact

API_URL = "https://api.woodpecker.co/rest/v2/mailboxes/manual_connection/bulk"
SECONDS = 30


class Answer(NamedTuple):
    """What the API answers: the id of the batch, or what is wrong. All of it may be shown."""

    status: int
    batch_id: int | str | None
    violations: list[Violation]

    def body(self):
        """Return the answer for a program."""
        if not self.violations:
            return {"batch_id": self.batch_id}
        failure = failure_response(self.violations)
        return failure if self.status == HTTPStatus.BAD_REQUEST else failure | {"code": "UNKNOWN"}


# The API may have the request or not. Only a person can find out.
NOT_CONFIRMED = Violation(
    *(None, None, None, "the service did not confirm the request"),
    "the service did not confirm the request: before you try again, check whether the mailbox is connected",
)
NO_ANSWER = Answer(HTTPStatus.BAD_GATEWAY, None, [NOT_CONFIRMED])


def send(body):
    """Send a valid body to the API."""
    url = os.environ.get("MAILBOX_API_URL", API_URL)
    headers = {"content-type": "application/json", "x-api-key": os.environ.get("MAILBOX_API_KEY", "")}
    request = Request(url, json.dumps(body).encode(), headers)  # noqa: S310  # the address is our own
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310  # as above
            return Answer(HTTPStatus.ACCEPTED, parse_accepted(json.load(response)), [])
    except HTTPError as error:
        with error:
            return refusal(error)
    except (HTTPException, OSError, ValueError):  # no answer, or not as documented
        return NO_ANSWER


def refusal(response):
    """Return what an answer other than 202 says is wrong, without what it quotes."""
    if response.code not in {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT}:
        return NO_ANSWER
    try:
        violations = parse_failure(json.load(response))
    except (HTTPException, OSError, ValueError):
        return NO_ANSWER
    return (
        Answer(HTTPStatus.BAD_REQUEST, None, [redact(each) for each in violations])
        if violations
        else NO_ANSWER
    )
