"""What an OpenDocument file says of itself."""

from __future__ import annotations

from rapportsvar.errors import NotText
from rapportsvar.reading.flow import fold
from rapportsvar.reading.package import Element, Package, child, inside, local

_PROPERTIES = {
    "title": "title",
    "initial-creator": "author",
    "creator": "author",
    "creation-date": "created",
    "subject": "subject",
}


def properties_of(package: Package) -> tuple[tuple[str, str], ...]:
    """Return title, author, day of creation, subject and keywords, those that there are."""
    found: dict[str, str] = {}
    keywords: list[str] = []
    meta = child(package.xml("meta.xml"), "meta")
    for element in inside(meta):
        words = fold(element.text or "")
        if local(element) == "keyword" and words:
            keywords.append(words)
        key = _PROPERTIES.get(local(element))
        if key and words and (local(element) == "initial-creator" or key not in found):
            found[key] = words
    if keywords:
        found["keywords"] = ", ".join(keywords)
    return tuple(sorted(found.items()))


def content_of(package: Package, kind: str, name: str, suffix: str) -> tuple[Element, Element]:
    """Return the root of the contents and in it the element of a kind: ``text``, ``spreadsheet``.

    Raises:
        NotText: There is none, or it is locked by a password.
    """
    manifest = package.xml("META-INF/manifest.xml")
    if manifest is not None and any(local(each) == "encryption-data" for each in manifest.iter()):
        raise NotText("Filen är låst med lösenord", where=name, todo="Spara den utan lösenord.")
    root = package.xml("content.xml")
    body = child(root, "body", kind)
    if root is None or body is None:
        todo = f"Öppna den i LibreOffice och spara den som {suffix}."
        raise NotText(f"Filen är ingen {suffix}", where=name, todo=todo)
    return root, body
