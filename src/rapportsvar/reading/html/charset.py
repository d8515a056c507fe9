"""Which characters the bytes of a web page are."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD_BYTES = 4096
# What browsers read these names as (WHATWG's Encoding Standard): Windows-1252 is larger than they say.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode a page by its mark, by what holds for all its bytes, by what it declares, in that order.

    Returns:
        The text and warnings in Swedish.
    """
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(coding, "replace"), ()
    try:
        return data.decode("utf-8"), ()  # other codings hardly ever make valid UTF-8
    except UnicodeDecodeError:
        pass
    coding = _declared(data[:_HEAD_BYTES])
    text = data.decode(coding, "replace")
    broken = text.count("\ufffd")
    if broken:
        return text, (f"{broken} tecken kunde inte läsas ({coding}): de visas som \ufffd.",)
    return text, ()


def _declared(head: bytes) -> str:
    found = _XML.search(head) or _DECLARED.search(head)
    try:
        name = codecs.lookup(found[1].decode("ascii")).name if found else "cp1252"
        "".encode(name)  # some names are of codings between bytes and bytes
    except LookupError:
        return "cp1252"
    return _MEANT.get(name, name)
