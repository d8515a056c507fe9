"""Zip packages (DOCX, ODT, XLSX) opened within bounds, and XML read without entities and without network.

A few kilobytes can unpack to gigabytes. What a package says of its sizes is held against bounds before
anything is unpacked, and no more is unpacked than it said.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import etree

from rapportsvar.errors import NotText, ReportTooLarge

Element = Any  # lxml has no types of its own

PARTS_MAX = 20_000
PART_BYTES_MAX = 400_000_000
PACKAGE_BYTES_MAX = 1_500_000_000
RATIO_MAX = 300
RATIO_FROM_BYTES = 10_000_000
"""Below this size no ratio is too high: a sheet of equal cells packs well."""

_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "Filen är låst med lösenord eller i ett äldre format", "Spara den olåst som {}."),
    (b"%PDF", "Filen är en PDF med fel ändelse", "Byt ändelsen till .pdf."),
    (b"{\\rtf", "Filen är RTF med fel ändelse", "Öppna den och spara den som {}."),
    (b"<", "Filen är en webbsida eller XML med fel ändelse", "Byt till .html, eller spara den som {}."),
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)
"""What zipfile raises on what is no zip, is cut off, is locked, or is packed in a way unknown to it."""


class Package:
    """The parts of a package by path.

    Args:
        data: The file's bytes.
        name: The report's name, for errors.
        suffix: What the file should be, for errors: ``.docx``.

    Raises:
        NotText: It is no package.
        ReportTooLarge: It would unpack to more than the bounds.
    """

    def __init__(self, data: bytes, name: str, suffix: str) -> None:
        self._name = name
        self._todo = f"Öppna den i programmet som gjorde den och spara den som {suffix}."
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as bad:
            raise _no_package(data, name, suffix) from bad
        parts = self._zip.infolist()
        why = too_large([(part.file_size, part.compress_size) for part in parts], PARTS_MAX)
        if why:
            raise ReportTooLarge(f"Filen packas upp till för mycket: {why}", where=name, todo=self._todo)
        self.paths = frozenset(part.filename for part in parts)

    def read(self, path: str) -> bytes | None:
        """Unpack a part; None where there is none."""
        if path not in self.paths:
            return None
        try:
            return self._zip.read(path)
        except (*_BROKEN, KeyError) as bad:
            raise NotText(f"Filen är skadad: {path}", where=self._name, todo=self._todo) from bad

    def xml(self, path: str) -> Element | None:
        """Return the root of a part's XML; None where there is no such part."""
        data = self.read(path)
        if data is None:
            return None
        try:
            root = etree.fromstring(data, _parser())
        except (etree.XMLSyntaxError, ValueError) as bad:
            raise self._broken(path) from bad
        if root is None or root.getroottree().docinfo.doctype:
            raise self._broken(path)  # no program that writes these formats declares a document type
        return root

    def elements(self, path: str, tags: Sequence[str]) -> Iterator[Element]:
        """Yield the elements of some tags as they end, each forgotten when the next one is asked for."""
        data = self.read(path)
        if data is None:
            return
        events = etree.iterparse(
            io.BytesIO(data),
            tag=list(tags),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as bad:
            raise self._broken(path) from bad

    def _broken(self, path: str) -> NotText:
        return NotText(f"Filen är skadad: {path} är inte rätt XML", where=self._name, todo=self._todo)


def too_large(sizes: Sequence[tuple[int, int]], most: int, whole_bytes: int = PACKAGE_BYTES_MAX) -> str:
    """Tell in Swedish why sizes, each unpacked and packed, are out of bounds; empty where they are not."""
    if len(sizes) > most:
        return f"{len(sizes)} delar (högst {most})"
    if sum(size for size, _ in sizes) > whole_bytes:
        return f"mer än {whole_bytes // 1_000_000} MB"
    for size, packed in sizes:
        if size > PART_BYTES_MAX:
            return f"en del på {size // 1_000_000} MB (högst {PART_BYTES_MAX // 1_000_000})"
        if size > RATIO_FROM_BYTES and size > RATIO_MAX * max(packed, 1):
            return f"en del är packad mer än {RATIO_MAX} gånger"
    return ""


def local(element: Element) -> str:
    """Return an element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def inside(element: Element | None) -> Iterable[Element]:
    """Return the children of an element; none of None."""
    return element if element is not None else ()


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """Return an attribute by its name without namespace."""
    if element is None:
        return default
    if name in element.attrib:
        return str(element.attrib[name])
    for key, value in element.attrib.items():
        if key.endswith(f"}}{name}"):
            return str(value)
    return default


def child(element: Element | None, *path: str) -> Element | None:
    """Follow a path of names without namespaces, each the first child of that name."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


def whole(written: str, default: int = 0) -> int:
    """Read a whole number; ``default`` where it is none."""
    try:
        return int(float(written))
    except (ValueError, OverflowError):
        return default


def _parser() -> Any:  # noqa: ANN401
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _no_package(data: bytes, name: str, suffix: str) -> NotText:
    for magic, what, todo in _OTHERS:
        if data.lstrip()[: len(magic)].lower() == magic.lower():
            return NotText(what, where=name, todo=todo.format(suffix))
    todo = f"Öppna den i programmet som gjorde den och spara den som {suffix}."
    return NotText(f"Filen är skadad eller ingen {suffix}", where=name, todo=todo)
