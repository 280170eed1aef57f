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
SENTENCES: Final = {
    "smtp_email": "SMTP email must be the whole email address, such as name@example.com.",
    "smtp_server": "SMTP server is required.",
    "smtp_port": "SMTP port must be a whole number from 1 to 65535.",
    "imap_email": "IMAP email is required.",
    "imap_password": "IMAP password is required.",
    "imap_port": "IMAP port is shown in plain digits now: check it, and send the form again.",
    "bcc": "BCC must be only the email address, without a name next to it.",
    "open_tracking_domain": "Open tracking domain must be only the domain, such as track.example.com, without https:// in front of it.",
    "sending_wait_time_from": "Sending wait time (from) must be lower than the other wait time.",
    "sending_wait_time_to": "Sending wait time (to) must be higher than the other wait time.",
    "daily_sending_limit": "Daily sending limit must be a whole number from 1 to 5500.",
}
LINES: Final = [f"mailbox[0].{name} {message}" for name, message in ERRORS.items()]

# As a form sends them: one input of 3 MB, and 100,000 inputs.
HUGE: Final = ["footer=" + "x" * 3_000_000, "&".join(f"x{number}=" for number in range(100_000))]


class Input(NamedTuple):
    """An input as a page shows it."""

    attributes: "dict[str, str]"
    value: str


class Page(HTMLParser):
    """A page as its readers see it: the inputs by name, texts by the id of their element, the summary."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inputs: dict[str, Input] = {}
        self.texts: dict[str, str] = {}
        self.tags: list[str] = []
        self.title = ""
        self.summary: list[str] = []
        self._links: list[str | None] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: "list[tuple[str, str | None]]") -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs), f"an attribute of <{tag}> is repeated"
        identifier = attributes.get("id")
        if identifier is not None:
            assert identifier not in self.texts, f"two elements have the id {identifier}"
            self.texts[identifier] = ""
        self.tags.append(tag)
        if tag in {"input", "textarea"} and "name" in attributes:
            self.inputs[attributes["name"]] = Input(attributes, attributes.get("value", ""))
        if tag == "li":
            self.summary.append("")
            self._links.append(None)
        if tag == "a" and self._links:
            self._links[-1] = self._links[-1] or attributes["href"]
        if tag in {"p", "li", "textarea", "title"}:
            self._open.append((tag, attributes.get("name") if tag == "textarea" else identifier))

    def handle_data(self, data: str) -> None:
        for tag, name in self._open:
            if tag == "textarea" and name is not None:
                self.inputs[name] = self.inputs[name]._replace(value=self.inputs[name].value + data)
            elif name is not None:
                self.texts[name] += data
            elif tag == "li":
                self.summary[-1] += data
            elif tag == "title":
                self.title += data

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    @property
    def scripts(self) -> int:
        return self.tags.count("script")

    def errors(self, prefix: str = "") -> "dict[str, str]":
        """Return the error of each input of the contract: its summary links to it, and it refers to the error."""
        shown = {name: f"{prefix}{name}-error" for name in FIELDS if f"{prefix}{name}-error" in self.texts}
        for name in FIELDS:
            attributes = self.inputs[prefix + name].attributes
            described_by = [shown[name]] if name in shown else []
            assert attributes["id"] == prefix + name
            assert attributes["aria-describedby"].split() == [*described_by, f"{prefix}{name}-help"]
            assert ("aria-invalid" in attributes) is (name in shown)
            assert (f"#{prefix}{name}" in self._links) is (name in shown)
        return {name: self.texts[identifier] for name, identifier in shown.items()}

    def typed(self, prefix: str = "") -> "dict[str, str]":
        """Return the values of the inputs of the contract; a browser drops a textarea's first line break."""
        return {
            name: self.inputs[prefix + name].value.removeprefix("\r").removeprefix("\n") for name in FIELDS
        }


def shown_again(form: "dict[str, str]") -> "dict[str, str]":
    """Return what a page keeps of a form: not the passwords, blank texts as empty, numbers in plain digits."""
    kept = {name: "" if "password" in name or not text.strip() else text for name, text in form.items()}
    numbers = {
        name: text.strip() for name, text in kept.items() if FIELDS[name].limits and text.strip().isdecimal()
    }
    return kept | {name: str(int(text)) for name, text in numbers.items()}
