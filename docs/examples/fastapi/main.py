"""A FastAPI application: JSON for programs, a form for people.

It answers with the request body; yours sends it to the API.
"""

import json
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.templating import Jinja2Templates
from model import BulkRequest
from pydantic import BaseModel

from mailbox_schema import FIELDS, InvalidBody, failure_response, iter_violations
from mailbox_schema.forms import FormResult, field_help, field_label, html_attributes, parse_form

app = FastAPI()
templates = Jinja2Templates(Path(__file__).parent / "templates")
templates.env.globals.update(fields=FIELDS, label=field_label, help=field_help, attributes=html_attributes)

NOT_JSON = {"code": "UNKNOWN", "details": ["body must be JSON"]}


class Failure(BaseModel):
    """The vendor's 400 answer."""

    code: str
    details: list[str]


@app.exception_handler(RequestValidationError)
async def answer_as_the_vendor(_request, error):
    """FastAPI's own answer, a 422, would repeat the body, passwords included."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return JSONResponse(NOT_JSON, 400)
    cause = first.get("ctx", {}).get("error")
    # An empty body or `null` doesn't reach the model.
    response = cause.response if isinstance(cause, InvalidBody) else failure_response(iter_violations(None))
    return JSONResponse(response, 400)


@app.post("/mailboxes", responses={"4XX": {"model": Failure}})
def connect(body: BulkRequest):
    # In ASCII, because a JSON string may contain a lone surrogate, which UTF-8 can't encode.
    try:
        text = json.dumps(body.root, allow_nan=False)
    except (RecursionError, ValueError):
        return JSONResponse(NOT_JSON, 400)
    return Response(text, media_type="application/json")


def from_this_site(request: Request):
    """Refuse a form that another site sends; FastAPI has no CSRF protection of its own.

    Every browser sends the origin with such a form. A client that doesn't is not a browser, and has no cookie
    to abuse.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "this form came from another site")


@app.get("/", include_in_schema=False)
def empty_form(request: Request):
    return show(request, FormResult({}, ()))


@app.post("/", include_in_schema=False, dependencies=[Depends(from_this_site)])
async def submitted_form(request: Request):
    async with request.form() as data:
        form = parse_form(data)
    return JSONResponse(form.body()) if form.ok else show(request, form, 400)


def show(request, form, status=200):
    return templates.TemplateResponse(request, "form.html", {"form": form}, status)
