"""HTML is made here and nowhere else: every text is escaped once, when it becomes part of an element."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import streamlit as st

VOID = frozenset({"br", "hr", "img", "input", "wbr"})
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Html(str):
    """HTML that is safe to show. Only this module makes it."""

    __slots__ = ()


Child = str | None | Iterable["Child"]
EMPTY = Html("")


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Html:
    """Make an element.

    Args:
        name: Of the element.
        children: Text, which is escaped; ``Html``, which is not; ``None``, which is left out; or several.
        attributes: ``class_`` is written ``class``, ``data_go`` is written ``data-go``. ``None`` and
            ``False`` are left out, ``True`` stands without a value.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{_inner(children)}</{name}>")


def together(*children: Child) -> Html:
    """Put children side by side, without an element around them."""
    return Html(_inner(children))


def show(content: Html) -> None:
    """Draw HTML on the page. Streamlit sanitises it once more (DOMPurify) in the browser.

    What is empty keeps its place. Otherwise all below it would move up by one when the page is drawn anew,
    and the browser, which replaces place by place, would show a heading twice until all is drawn.
    """
    if content:
        st.html(content)
    else:
        st.empty()


def _inner(children: Iterable[Child]) -> str:
    return "".join(_child(child) for child in children)


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return str(child)
    if isinstance(child, str):
        return html.escape(CONTROL.sub("\ufffd", child), quote=True)
    return _inner(child)


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{html.escape(CONTROL.sub(" ", str(value)), quote=True)}"'


def label(text: str) -> str:
    """Write text so that a widget's label, which Streamlit reads as Markdown, shows it as it is.

    Marks are escaped; a joiner without width parts what is replaced after Markdown is read: ``:smile:``.
    """
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", CONTROL.sub("\ufffd", " ".join(text.split())))
    return re.sub(r"(\\[:<>-])", "\\1\u2060", escaped)
