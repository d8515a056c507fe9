"""Which parts of a web page are its text: navigation, banners, forms and what is not shown are not."""

from __future__ import annotations

import re
from collections import Counter

from rapportsvar.reading.package import Element, attribute, local

_NEVER = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "form",
        "button",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "link",
        "meta",
        "input",
        "select",
        "textarea",
        "datalist",
        "dialog",
        "frame",
        "frameset",
        "applet",
    ]
)
_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "doc-backlink",
        "doc-toc",
    ]
)
_MARKED = frozenset(
    [
        "toc",
        "tocify",
        "table-of-contents",
        "breadcrumb",
        "breadcrumbs",
        "skip-link",
        "skiplink",
        "skip-to-content",
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "navbar",
        "pagination",
        "cookie-banner",
        "cookiebanner",
        "cookie-consent",
        "share-buttons",
        "social-links",
        "footnote-back",
    ]
)
"""Names, by id or class, under which pages hold what is no text of theirs. A name that only holds one of
these words says nothing: ``toc-content`` is the text beside the contents."""
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TEXTS = frozenset({"body", "main", "article"})
_MARKED_CHARS_MAX = 6000
"""What is named as a banner or a table of contents and is longer than this is taken for the text itself."""
_MAIN_SHARE = 0.5


def is_left_out(element: Element) -> bool:
    """Tell whether a part is no text of the page."""
    name = local(element)
    if name in _NEVER or "hidden" in element.attrib:
        return True
    if attribute(element, "role") in _ROLES or attribute(element, "aria-hidden") == "true":
        return True
    if _UNSEEN.search(attribute(element, "style")):
        return True
    if name in {"header", "footer", "aside"}:
        return _frames_the_page(element, name)
    named = {attribute(element, "id").lower(), *attribute(element, "class").lower().split()}
    return bool(named & _MARKED) and name not in _TEXTS and _chars(element) < _MARKED_CHARS_MAX


def main_part(root: Element) -> Element:
    """Return the element that holds the text: ``main`` or the one ``article`` where they hold most of it."""
    body = next((each for each in root if local(each) == "body"), root)
    whole = max(1, _chars(body))
    mains = [each for each in body.iter() if local(each) == "main" or attribute(each, "role") == "main"]
    articles = [each for each in body.iter() if local(each) == "article"]
    for found in (mains, articles):
        if len(found) == 1 and _chars(found[0]) >= _MAIN_SHARE * whole:
            return found[0]
    return body


def what_is_lost(root: Element) -> Counter[str]:
    """Count the pictures, interactive parts and embedded pages whose words are not read."""
    lost: Counter[str] = Counter()
    for element in root.iter():
        name = local(element)
        if name in {"img", "picture"} and local(element.getparent()) != "picture":
            lost["bilder"] += 1
        elif name in {"iframe", "object", "embed", "frame"}:
            lost["inbäddade sidor"] += 1
        elif name == "canvas" or "html-widget" in attribute(element, "class").split():
            lost["interaktiva delar"] += 1
    return lost


def _frames_the_page(element: Element, name: str) -> bool:
    """A header with the main heading, or one inside an article, is text; the page's own frame is not."""
    if any(local(up) in {"article", "main"} for up in element.iterancestors()):
        return False
    return name != "header" or not any(local(inner) == "h1" for inner in element.iter())


def _chars(element: Element) -> int:
    """Count the letters that are shown, roughly."""
    count = 0
    for each in element.iter():
        if local(each) in {"script", "style"}:
            count += len(each.tail or "")
        elif local(each):
            count += len((each.text or "").strip()) + len((each.tail or "").strip())
    return count
