"""The part of a page that a program measures and writes: between two comments, the first of which names it."""

from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
_END: Final = "\n<!-- end of what it writes -->"


class MeasuredPart(NamedTuple):
    """What ``program`` writes into ``page``; both are relative to the root of the repository."""

    page: str
    program: str

    def read(self) -> str:
        """Return what the page has, without blank lines around it."""
        return self._parts()[1].strip()

    def write(self, text: str) -> None:
        """Replace it by ``text``."""
        before, _, after = self._parts()
        (ROOT / self.page).write_text(f"{before}\n{text.strip()}\n{after}", encoding="utf-8")

    def _parts(self) -> tuple[str, str, str]:
        """Return the page: up to the first comment, between the two, and the rest.

        :raises ValueError: if it doesn't have both
        """
        begin = f"<!-- python {self.program} --write -->\n"
        page = (ROOT / self.page).read_text(encoding="utf-8")
        start = page.index(begin) + len(begin)
        end = page.index(_END, start)
        return page[:start], page[start:end], page[end:]
