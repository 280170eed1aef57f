"""How Sphinx makes the site of these pages; :mod:`build` calls it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from pygments.lexers.data import JsonLexer
from pygments.lexers.special import TextLexer
from sphinx import addnodes

import mailbox_schema
from mailbox_schema import types
from mailbox_schema.lint.catalogue import SITE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT: Final = Path(__file__).parent.parent
# A section of index.md: its heading, and the pages it lists.
SECTION: Final = re.compile(r"^## (.+)\n\n((?:- \[.+\]\(.+\)\n)+)", re.MULTILINE)
LISTED: Final = re.compile(r"\(([a-z-]+)\.(?:md|rst)\)")

project = "mailbox_schema"
project_copyright = "the mailbox_schema authors"
version = release = mailbox_schema.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["examples", "playground"]
nitpicky = True
nitpick_ignore = [("py:mod", "mailbox_schema.vocabulary")]  # internal, so without a page
toc_object_entries_show_parents = "hide"

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
myst_enable_extensions = ["html_image"]  # the pictures with a width are HTML
myst_heading_anchors = 4

html_title = "mailbox_schema"
html_theme = "furo"
html_baseurl = "" if SITE is None else f"{SITE}/"
html_copy_source = False
html_extra_path = ["../build/extra"]
templates_path = ["playground"]


def setup(app: Sphinx) -> None:
    """Connect what these pages need."""
    app.connect("source-read", read_page)
    app.connect("doctree-read", link_types)
    app.connect("doctree-read", link_folders)
    app.connect("html-page-context", choose_template)
    app.add_lexer("csv", TextLexer)
    app.add_lexer("jsonl", JsonLexer)


def read_page(_app: Sphinx, name: str, source: list[str]) -> None:
    """Make the README the first page; it leads to those that index.md lists."""
    if name == "index":
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        trees = [contents(title, LISTED.findall(pages)) for title, pages in SECTION.findall(source[0])]
        source[0] = "\n".join([readme.replace("](docs/", "]("), *trees])
    if name == "javascript":
        source[0] = with_npm_readme(source[0])
    source[0] = source[0].replace("](../README.md", "](index.md")


def with_npm_readme(page: str) -> str:
    """Return the page with the npm package's README at its end: on the site it has no page of its own."""
    readme = (ROOT / "schemas" / "npm" / "README.md").read_text(encoding="utf-8")
    linked = page.replace("](../schemas/npm/README.md)", "](#mailbox-schema)")
    return linked + "\n" + re.sub(r"^#", "##", readme, flags=re.MULTILINE)


def contents(title: str, pages: list[str]) -> str:
    """Return a part of the table of contents, in Markdown."""
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```", ""])


def link_types(_app: Sphinx, doctree: nodes.document) -> None:
    """Link the types in signatures to ours: the short names are those of the type checker's imports.

    Other types have no page here, and are shown without a link.
    """
    for signature in doctree.findall(addnodes.desc_signature):
        for name in list(signature.findall(addnodes.pending_xref)):
            target = name["reftarget"]
            if getattr(vars(types).get(target), "__module__", "") == types.__name__:
                name["reftarget"] = f"{types.__name__}.{target}"
            elif target in mailbox_schema.__all__:
                name["reftarget"] = f"{mailbox_schema.__name__}.{target}"
            else:
                name.replace_self(name.children)


def link_folders(_app: Sphinx, doctree: nodes.document) -> None:
    """Link a folder of examples to an archive of it: a site doesn't list folders."""
    for link in list(doctree.findall(addnodes.pending_xref)):
        if (ROOT / "docs" / link["reftarget"]).is_dir():
            link.replace_self(nodes.reference("", "", *link.children, refuri=f"{link['reftarget']}.zip"))


def choose_template(
    _app: Sphinx, name: str, _template: str, context: dict[str, Any], _tree: object
) -> str | None:
    """Give the playground a template of its own: it admits no script and no style but its own files."""
    if name != "playground":
        return None
    files = (ROOT / "build/extra/playground").iterdir()
    context["playground_size"] = sum(file.stat().st_size for file in files)
    context["playground_example"] = (ROOT / "docs/examples/broken.json").read_text(encoding="utf-8")
    return "playground.html"
