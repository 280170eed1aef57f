"""A Flask application with a form, and the page after it."""

import os

from client import send
from flask import Flask, redirect, render_template, request, url_for
from mailbox_form import MailboxForm

app = Flask(__name__)
# Set SECRET_KEY in the environment. The random one here changes with every start.
app.secret_key = os.environ.get("SECRET_KEY") or os.urandom(32)
# Flask doesn't read a larger form, and answers with status 413.
app.config["MAX_CONTENT_LENGTH"] = 1_000_000


@app.route("/", methods=["GET", "POST"])
def connect():
    form = MailboxForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        status, batch_id, violations = send(form.result.body())
        if not violations:
            return redirect(url_for("sent", batch=batch_id), 303)
        form.refuse(violations)
    return render_template("form.html", form=form), status


@app.get("/sent")
def sent():
    return render_template("sent.html", batch_id=request.args.get("batch"))


@app.errorhandler(413)
def too_large(_error):
    return render_template("too_large.html"), 413


@app.after_request
def harden(response):
    """No page is kept or framed: there are passwords in the forms."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response
