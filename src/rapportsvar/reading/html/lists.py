"""The numbers that a browser puts before the items of a list."""

from __future__ import annotations

from rapportsvar.reading.docx.numbering import FORMS
from rapportsvar.reading.package import Element, attribute, local, whole

_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def mark_of(element: Element, place: int) -> str:
    """Return the mark of a list's child: ``-`` of one without order, ``3.`` of one with."""
    if local(element) != "ol":
        return "-"
    items = [each for each in element if local(each) == "li"]
    step = -1 if "reversed" in element.attrib else 1
    number = whole(attribute(element, "start"), 1 if step == 1 else len(items)) - step
    for each in element[: place + 1]:
        if local(each) == "li":
            number = whole(attribute(each, "value"), number + step)
    form = FORMS[_TYPES.get(attribute(element, "type"), "decimal")]
    return f"{form(number)}."
