"""A FastAPI application: JSON for programs, a form for people."""

from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from client import send
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from model import VendorRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from mailbox_schema import FIELDS, forms
from mailbox_schema.forms import FormResult, parse_form
from mailbox_schema.pydantic import Body

HERE = Path(__file__).parent
MAX_BYTES = 2_500_000

app = FastAPI()
templates = Jinja2Templates(HERE / "templates")
templates.env.globals.update(fields=FIELDS, forms=forms)


class Limited:
    """Refuses a request of more than ``MAX_BYTES``, before all of it is in memory."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        received = 0

        async def counted():
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too large")
            return message

        await self.app(scope, counted, send)


app.add_middleware(Limited)


@app.middleware("http")
async def harden(request, call_next):
    """No page is kept or framed: there are passwords in the forms."""
    response = await call_next(request)
    if not request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    if request.url.path not in {"/docs", "/redoc"}:  # FastAPI's own pages load scripts of other sites
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    return response


app.mount("/static", StaticFiles(directory=HERE / "static"))


# JSON, for programs


class Accepted(BaseModel):
    """The vendor's 202 answer."""

    batch_id: int | str


class Failure(BaseModel):
    """The vendor's 400 answer."""

    code: str
    details: list[str]


api = APIRouter(route_class=VendorRoute)


@api.post("/mailboxes", status_code=202, responses={202: {"model": Accepted}, "4XX": {"model": Failure}})
def connect(body: Body):
    answer = send(body.to_body())
    return JSONResponse(answer.body(), answer.status)


app.include_router(api)


# The form, for people


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
    if not form.ok:
        return show(request, form, 400)
    status, batch_id, violations = await run_in_threadpool(send, form.body())
    if violations:
        return show(request, form.with_violations(violations), status)
    return RedirectResponse(f"/sent?{urlencode({'batch': batch_id})}", 303)


@app.get("/sent", include_in_schema=False)
def sent(request: Request, batch: str = ""):
    return templates.TemplateResponse(request, "sent.html", {"batch_id": batch})


@app.exception_handler(StarletteHTTPException)
async def explain(request, error):
    """Show a page to people, such as those whose form is too large."""
    if request.url.path != "/":
        return await http_exception_handler(request, error)
    return templates.TemplateResponse(request, "refused.html", {"reason": error.detail}, error.status_code)


def show(request, form, status=200):
    context = {"form": form, "summary": forms.error_summary(form)}
    return templates.TemplateResponse(request, "form.html", context, status)
