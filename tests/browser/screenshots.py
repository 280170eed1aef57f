"""Takes the pictures of the docs: ``python tests/browser/screenshots.py``.

They show the page after a form was refused: in light on a desk, in dark on a phone. All examples look alike, to the
pixel; that is checked. Needs the extra ``browser`` and Chromium. Fonts and their rendering are the machine's, so no
test compares the pictures.
"""

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from browser import REFUSED, chromium, opened, press_enter, type_into  # noqa: E402  # found by the line above
from PIL import Image  # noqa: E402  # as above
from servers import EXAMPLES, ROOT, copied, started, wait_for  # noqa: E402  # as above

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES: Final = ROOT / "docs/images"
SCHEMES: Final = {360: "dark", 1280: "light"}
COLORS: Final = 32


def main() -> None:
    """Take the pictures."""
    taken: dict[tuple[bytes, ...], list[str]] = {}
    with chromium() as browser:
        for example in EXAMPLES:
            with TemporaryDirectory() as folder, started(example, copied(example, Path(folder))) as address:
                wait_for(address)
                pictures = [picture_of(browser, address, width) for width in SCHEMES]
                taken.setdefault(tuple(pictures), []).append(example)
    (pictures_of_all,) = taken  # one pair of pictures, for all examples
    IMAGES.mkdir(exist_ok=True)
    for width, picture in zip(SCHEMES, pictures_of_all, strict=True):
        (IMAGES / f"form-{width}.png").write_bytes(picture)


def picture_of(browser: "Browser", address: str, width: int) -> bytes:
    """Return a picture with few colors, which makes it small."""
    with opened(browser, address, width, color_scheme=SCHEMES[width]) as page:
        type_into(page, REFUSED)
        press_enter(page)
        picture = page.screenshot()
    small = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as full:
        full.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    main()
