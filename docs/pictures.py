"""Makes the pictures of the terminal: ``python docs/pictures.py``, with the extra ``docs``.

They show what the command prints now; ``tests/browser/test_built_site.py`` compares them with it.
"""

import contextlib
import io
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from mailbox_schema.lint.cli import main

ROOT: Final = Path(__file__).parent.parent
IMAGES: Final = ROOT / "docs/images"
WIDTH: Final = 100
COMMANDS: Final = {
    "terminal-check": "check docs/examples/mailboxes.csv",
    "terminal-fix": "check --diff docs/examples/broken.json",
}
# Rich's own names a font of another host.
FORMAT: Final = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px monospace }}
.{unique_id}-title {{ font: 18px sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture(name: str) -> str:
    """Return the SVG document that shows a command and what it prints."""
    arguments = COMMANDS[name].split()
    output = io.StringIO()
    colors = ["--color", "always"] if arguments[0] == "check" else []
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        main([*arguments, *colors])
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(Text(f"$ mailbox-schema {COMMANDS[name]}"))
    console.print(Text.from_ansi(output.getvalue()))
    return console.export_svg(title="", code_format=FORMAT, unique_id=name)


if __name__ == "__main__":
    for each in COMMANDS:
        (IMAGES / f"{each}.svg").write_text(picture(each), encoding="utf-8")
