"""Pages with a form on them: what a person fills in, and what is shown next to each input."""

from html.parser import HTMLParser
from typing import Final, NamedTuple

from mailbox_schema import FIELDS

# Everything that a backend may get wrong: a password that looks like a number, spaces around a port,
# spaces that belong to a name, an optional input left blank.
FILLED_IN: Final = {
    "smtp_email": "jared@getpiedpiper.com",
    "smtp_login": "00777",
    "smtp_password": "0012345",
    "smtp_server": "smtp.server.io",
    "smtp_port": " 587 ",
    "smtp_from_name": " Jared ",
    "imap_email": "jared@getpiedpiper.com",
    "imap_password": " 1e5 ",
    "imap_server": "imap.server.io",
    "imap_port": "993",
    "footer": "<div>Jared</div>",
    "bcc": "",
    "open_tracking_domain": "open-domain.com",
    "click_tracking_domain": "  ",
    "unsubscribe_tracking_domain": "",
    "sending_wait_time_from": "10",
    "sending_wait_time_to": "20",
    "daily_sending_limit": "",
}
MAILBOX: Final = {
    "smtp_email": "jared@getpiedpiper.com",
    "smtp_login": "00777",
    "smtp_password": "0012345",
    "smtp_server": "smtp.server.io",
    "smtp_port": 587,
    "smtp_from_name": " Jared ",
    "imap_email": "jared@getpiedpiper.com",
    "imap_password": " 1e5 ",
    "imap_server": "imap.server.io",
    "imap_port": 993,
    "footer": "<div>Jared</div>",
    "open_tracking_domain": "open-domain.com",
    "sending_wait_time_from": 10,
    "sending_wait_time_to": 20,
}

# A mistake in every kind of field.
BROKEN: Final = FILLED_IN | {
    "smtp_email": "jared@localhost",
    "smtp_password": "not-a-real-password",
    "smtp_server": "",
    "smtp_port": "0x24b",
    "imap_email": "",
    "imap_password": " ",
    "imap_port": "\u0669\u0669\u0663",
    "footer": "</textarea><script>alert(1)</script>",
    "bcc": '"><script>alert(1)</script>',
    "open_tracking_domain": "https://open-domain.com",
    "sending_wait_time_from": "20",
    "daily_sending_limit": "1e3",
}
ERRORS: Final = {
    "smtp_email": "must be provided and be a valid email address",
    "smtp_server": "must not be blank",
    "smtp_port": "must be provided and in range <1,65535>",
    "imap_email": "must be provided and be a valid email address",
    "imap_password": "must not be blank",
    "imap_port": "must be provided and in range <1,65535>",
    "bcc": "if provided must be a valid email address",
    "open_tracking_domain": "if provided must be a valid domain",
    "sending_wait_time_from": "if provided must be present along with and lower than sending_wait_time_to and be in range <10,9999>",
    "sending_wait_time_to": "if provided must be present along with and higher than sending_wait_time_from and be in range <20,9999>",
    "daily_sending_limit": "if provided must be in range <1,5500>",
}
LINES: Final = [f"mailbox[0].{name} {message}" for name, message in ERRORS.items()]

# As a form sends them: one input of 3 MB, and 100,000 inputs.
HUGE: Final = ["footer=" + "x" * 3_000_000, "&".join(f"x{number}=" for number in range(100_000))]


class Input(NamedTuple):
    """An input as a page shows it, and the messages next to it."""

    attributes: "dict[str, str]"
    value: str
    messages: "list[str]"


class Page(HTMLParser):
    """The inputs of a page, by name; an input and its messages are in one ``<p>`` or ``<div>``."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inputs: dict[str, Input] = {}
        self.messages: list[str] = []
        self.scripts = 0
        self._depth = 0
        self._names: list[str] = []
        self._next_to_it: list[str] = []
        self._within: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: "list[tuple[str, str | None]]") -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in {"p", "div"}:
            self._depth += 1
        elif tag in {"input", "textarea"} and "name" in attributes:
            name = attributes["name"]
            self.inputs[name] = Input(attributes, attributes.get("value", ""), [])
            self._names.append(name)
        if tag in {"li", "strong", "textarea"}:
            self._within = tag
        self.scripts += tag == "script"

    def handle_data(self, data: str) -> None:
        if self._within == "textarea":
            shown = self.inputs[self._names[-1]]
            self.inputs[self._names[-1]] = shown._replace(value=shown.value + data)
        elif self._within is not None:
            (self._next_to_it if self._depth else self.messages).append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = None
        if tag in {"p", "div"}:
            self._depth -= 1
            if not self._depth:
                for name in self._names:
                    self.inputs[name].messages.extend(self._next_to_it)
                self._names, self._next_to_it = [], []

    def errors(self, prefix: str = "") -> "dict[str, str]":
        """Return the messages next to the inputs of the contract, one each."""
        shown = {name: self.inputs[prefix + name].messages for name in FIELDS}
        assert all(len(messages) <= 1 for messages in shown.values())
        return {name: messages[0] for name, messages in shown.items() if messages}

    def typed(self, prefix: str = "") -> "dict[str, str]":
        """Return the values of the inputs of the contract; a browser drops a textarea's first line break."""
        return {
            name: self.inputs[prefix + name].value.removeprefix("\r").removeprefix("\n") for name in FIELDS
        }


def shown_again(form: "dict[str, str]") -> "dict[str, str]":
    """Return what a page keeps of a form: everything except the passwords, all blank texts alike."""
    return {name: "" if "password" in name else text for name, text in form.items()}
