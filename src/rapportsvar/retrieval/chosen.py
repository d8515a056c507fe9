"""Filters as an asker writes them, against the names in the index: ``lindsjö kommun`` for ``Lindsjö``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rapportsvar.errors import UnknownName
from rapportsvar.model import Filters, ReportInfo
from rapportsvar.swedish.words import fold

_SEAT = re.compile(r"\s+(?:stads\s+)?(?:kommuns?|stads?)$")


def known_name(wanted: str, names: Iterable[str]) -> str | None:
    """Return the name that is meant, whatever its case, with ``kommun`` or a genitive s; None where none is.

    Marks over letters are left out of account only where nothing is written alike with them.
    """
    known = sorted({name for name in names if name})
    for letters in (str, fold):
        forms = [{letters(form) for form in _forms(name)} for name in known]
        ours = {letters(form) for form in _forms(wanted)}
        met = [name for name, form in zip(known, forms, strict=True) if form & ours]
        exact = [name for name in met if letters(_plain(name)) == letters(_plain(wanted))]
        if met:
            return (exact or met)[0]
    return None


def chosen(filters: Filters, infos: Iterable[ReportInfo], *, strict: bool) -> Filters:
    """Write the municipality, board and kind of filters as the index writes them.

    Args:
        filters: As asked for.
        infos: Of all reports.
        strict: Refuse what no report is of; otherwise it stays as it was written.

    Raises:
        UnknownName: No report is of the municipality, board or kind.
    """
    if not (filters.municipality or filters.board or filters.kind):
        return filters
    listed = list(infos)
    written: dict[str, str] = {}
    for field, said in (("municipality", "kommunen"), ("board", "nämnden"), ("kind", "typen")):
        wanted = getattr(filters, field)
        if not wanted:
            continue
        names = {str(getattr(info, field)) for info in listed} - {""}
        found = known_name(wanted, names)
        if found is None and strict:
            there = ", ".join(sorted(names)) or "inga"
            raise UnknownName(f"Ingen rapport gäller {said} {wanted!r}", todo=f"Det finns: {there}.")
        written[field] = found or wanted
    return replace(filters, **written)  # type: ignore[arg-type]


def _plain(name: str) -> str:
    return _SEAT.sub("", " ".join(name.lower().split()))


def _forms(name: str) -> set[str]:
    """Return a name without ``kommun``, and without the s that may be a genitive's."""
    plain = _plain(name)
    return {plain, plain.removesuffix("s")}
