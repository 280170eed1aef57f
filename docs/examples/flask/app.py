"""A Flask application with one page. It answers with the request body; yours sends it to the API."""

import os

from flask import Flask, jsonify, render_template
from mailbox_form import MailboxForm

app = Flask(__name__)
# Set SECRET_KEY in the environment. The random one here changes with every start.
app.secret_key = os.environ.get("SECRET_KEY") or os.urandom(32)
# Flask doesn't read a larger form, and answers with status 413.
app.config["MAX_CONTENT_LENGTH"] = 1_000_000


@app.route("/", methods=["GET", "POST"])
def connect():
    form = MailboxForm()
    if form.validate_on_submit():
        return jsonify(form.result.body())
    return render_template("form.html", form=form), 400 if form.is_submitted() else 200
