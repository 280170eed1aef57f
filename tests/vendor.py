"""An application that answers as the vendor documents, by our own rules; nothing leaves the process."""

import itertools
from datetime import datetime, timezone
from typing import Any, Final

from flask import Flask, Request, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from mailbox_schema import failure_response, iter_violations

API_KEY: Final = "not-a-real-api-key"
BULK: Final = "/rest/v2/mailboxes/manual_connection/bulk"
_PROBLEMS: Final = {
    401: ("Unauthorized", "Invalid api key"),
    404: ("Not Found", "Requested resource does not exist"),
}


def application() -> Flask:
    """Return the application, with no batch yet."""
    app = Flask("vendor")
    batches: dict[str, int] = {}
    ids = itertools.count(123456)

    @app.before_request
    def authorize() -> tuple[Response, int] | None:
        return None if request.headers.get("x-api-key") == API_KEY else problem(401)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Any:
        return problem(404) if error.code == 404 else error

    @app.post(BULK)
    def add_mailboxes() -> tuple[Response, int]:
        body = sent(request)
        violations = list(iter_violations(body))
        if violations:
            return jsonify(failure_response(violations)), 400
        batch_id = next(ids)
        batches[str(batch_id)] = len(body["mailboxes"])
        return jsonify({"batch_id": batch_id}), 202

    @app.get(f"{BULK}/<batch_id>/summary")
    def summary(batch_id: str) -> tuple[Response, int]:
        if batch_id not in batches:
            return problem(404)
        return jsonify(finished(batches[batch_id])), 200

    return app


def sent(to: Request) -> Any:
    """Return the JSON that was sent, or ``None`` if it is not JSON."""
    return to.get_json(silent=True, force=True)


def finished(size: int) -> dict[str, object]:
    """Return the summary of a batch whose mailboxes are all connected."""
    return {
        "processing_finished": True,
        "batch_size": size,
        "pending_mailboxes_count": 0,
        "connected_mailboxes_count": size,
        "conditionally_connected_mailboxes_count": 0,
        "failed_mailboxes_count": 0,
        "conditionally_connected_mailboxes": [],
        "failed_mailboxes": [],
    }


def problem(status: int) -> tuple[Response, int]:
    """Return the answer to a problem."""
    title, detail = _PROBLEMS[status]
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    return jsonify({"title": title, "status": status, "detail": detail, "timestamp": now}), status
