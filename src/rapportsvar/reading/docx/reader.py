"""Word documents (DOCX, DOCM): the text as it stands when all changes are accepted."""

from __future__ import annotations

from pathlib import Path

from rapportsvar.errors import NotText
from rapportsvar.model import Source
from rapportsvar.reading.base import read_bytes, sha256_of
from rapportsvar.reading.compose import Told, compose
from rapportsvar.reading.docx.body import Body
from rapportsvar.reading.docx.numbering import Numbering
from rapportsvar.reading.docx.styles import Styles
from rapportsvar.reading.flow import fold
from rapportsvar.reading.package import Element, Package, attribute, child, inside, local
from rapportsvar.reading.warn import left_out

_PROPERTIES = {
    "title": "title",
    "creator": "author",
    "created": "created",
    "subject": "subject",
    "keywords": "keywords",
}
_TODO = "Öppna den i Word och spara den som .docx."


def read_docx(path: Path, name: str) -> Source:
    """Read a Word document.

    Raises:
        EmptyReport: There are no words in it.
        NotText: It is no Word document, or damaged.
        ReportTooLarge: It unpacks to more than the bounds.
        VanishedReport: It cannot be read.
    """
    data = read_bytes(path, name)
    package = Package(data, name, ".docx")
    folder, file = _main_part(package)
    document = child(package.xml(folder + file), "body")
    if document is None:
        raise NotText("Filen är inget Word-dokument", where=name, todo=_TODO)
    body = Body(
        Styles(package.xml(f"{folder}styles.xml")),
        Numbering(package.xml(f"{folder}numbering.xml")),
        {**_notes(package, folder, "footnote"), **_notes(package, folder, "endnote")},
    )
    blocks = list(body.blocks(document))
    body.left["kommentarer"] = _count(package.xml(f"{folder}comments.xml"), "comment")
    told = Told(name, sha256_of(data), left_out(body.left), core_properties(package))
    return compose(blocks, told)


def core_properties(package: Package) -> tuple[tuple[str, str], ...]:
    """Return what an Office file says of itself."""
    found = {}
    root = package.xml("docProps/core.xml")
    for element in inside(root):
        key = _PROPERTIES.get(local(element))
        words = fold(element.text or "")
        if key and words:
            found[key] = words
    return tuple(sorted(found.items()))


def _main_part(package: Package) -> tuple[str, str]:
    """Return folder and name of the document: the package says where it is."""
    root = package.xml("_rels/.rels")
    for relation in inside(root):
        if attribute(relation, "Type").endswith("/officeDocument"):
            folder, _, file = attribute(relation, "Target").lstrip("/").rpartition("/")
            return (f"{folder}/" if folder else ""), file
    return "word/", "document.xml"


def _notes(package: Package, folder: str, kind: str) -> dict[tuple[str, str], Element]:
    """Return notes by kind and id, without the lines that Word draws between text and notes."""
    root = package.xml(f"{folder}{kind}s.xml")
    return {
        (kind, attribute(each, "id")): each
        for each in inside(root)
        if local(each) == kind and attribute(each, "type", "normal") == "normal"
    }


def _count(root: Element | None, name: str) -> int:
    return sum(local(each) == name for each in root) if root is not None else 0
