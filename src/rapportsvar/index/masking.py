"""Personal identity numbers of a report are taken out of its text before anything is made of it.

So no entry, figure, title, word of the vocabulary or page holds one, and none can be asked for. The text
keeps its length, so that offsets are those of the file; what stood there is kept apart, for the command
``rapportsvar text``.
"""

from __future__ import annotations

from dataclasses import replace

from rapportsvar.model import Masked, Source
from rapportsvar.swedish.identity_numbers import identity_numbers, masked

SHOWN = ("1 personnummer finns i texten och visas.", "{} personnummer finns i texten och visas.")
HIDDEN = (
    "1 personnummer är dolt: det visas inte och kan inte sökas.",
    "{} personnummer är dolda: de visas inte och kan inte sökas.",
)


def without_identity_numbers(source: Source, *, mask: bool) -> Source:
    """Return a source with a warning that counts its personal identity numbers.

    Args:
        source: As it was read.
        mask: Show marks in their place.
    """
    spans = list(identity_numbers(source.text))
    properties = tuple(
        (name, masked(value, list(identity_numbers(value)))) for name, value in source.properties
    )
    if not spans:
        return replace(source, properties=properties) if mask and properties != source.properties else source
    one, many = HIDDEN if mask else SHOWN
    warnings = (*source.warnings, one if len(spans) == 1 else many.format(len(spans)))
    if not mask:
        return replace(source, warnings=warnings)
    kept = tuple(Masked(span.start, source.text[span.start : span.end]) for span in spans)
    return replace(
        source, text=masked(source.text, spans), warnings=warnings, properties=properties, masked=kept
    )


def unmasked(text: str, kept: tuple[Masked, ...]) -> str:
    """Return the text as it stood in the file."""
    pieces, position = [], 0
    for each in kept:
        pieces += [text[position : each.start], each.text]
        position = each.span.end
    return "".join([*pieces, text[position:]])
