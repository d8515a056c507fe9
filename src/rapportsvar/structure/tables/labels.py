"""What each row is called: inherited labels, section rows, sums, sub-rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapportsvar.model import RowKind
from rapportsvar.structure.tables.pieces import LONG_CHARS, Kind, Piece
from rapportsvar.structure.tables.units import unit_of_row

TOTAL = re.compile(
    r"(?:(?:del|total)?summa|s:a|sammanlagt|totalt|total|netto(?:kostnad(?:er)?|utgift(?:er)?|intäkt(?:er)?|resultat"
    r"|investering(?:ar)?|driftskostnad(?:er)?)?"
    r"|(?:verksamhetens|årets|periodens) (?:nettokostnad(?:er)?|resultat))"
    r"(?=$|[\s:,(])",
    re.IGNORECASE,
)
_TOTAL_FIRST = re.compile(r"(?:(?:del|total)?summa|s:a|(?:totalt|sammanlagt)(?!\s+antal))\b", re.IGNORECASE)
_TOTAL_LAST = re.compile(r"(?:\btotalt|\bsumma)$", re.IGNORECASE)
_VARAV = re.compile(r"\W*(?:varav|därav)\b", re.IGNORECASE)
_SEX = re.compile(
    r"[-–•\s]*(?:varav\s+|andel\s+|antal\s+)?(?:kvinnor|män|flickor|pojkar|kvinna|man|flicka|pojke)",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"total(?:t|er)?|samtliga|alla|båda(?: könen)?|kvinnor och män|hela \w+|summa", re.IGNORECASE
)
"""What stands beside ``Kvinnor`` and ``Män`` rather than above them."""
_DASHED = re.compile(r"[-–•]\s+[^\W\d]")
CODE = re.compile(r"(?:[A-ZÅÄÖ]{0,4}\s?\d{1,5}(?:[.:]\d+)*|[A-ZÅÄÖ]{1,4}|\d{1,5}[A-ZÅÄÖa-zåäö]?)\.?")


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row below the header: its pieces, one a column.

    ``opens``: it opens a block after a page break. ``indented``: its table sets labels in under others.
    ``laid``: the format laid it out, so a blank label is none where rows have but one.
    ``alone``: its line has no tab, so nothing but its words belongs to it.
    """

    pieces: tuple[Piece, ...]
    opens: bool = False
    indented: bool = False
    laid: bool = False
    alone: bool = False

    @property
    def filled(self) -> list[int]:
        """The columns where something stands."""
        return [column for column, piece in enumerate(self.pieces) if piece.kind is not Kind.EMPTY]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a row is and what it is called, outermost label first."""

    kind: RowKind
    labels: tuple[str, ...]


@dataclass(slots=True)
class _State:
    section: str = ""
    held: list[str] = field(default_factory=list)
    parent: str = ""
    by_unit: dict[str, str] = field(default_factory=dict)
    bare: bool = False
    outside: bool = False
    begun: str = ""
    section_indent: int = 0
    section_loud: bool = False
    above: list[tuple[int, str]] = field(default_factory=list)

    def under(self, row: BodyRow, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Put the rows that a row is set in under before its labels, and remember it for those below."""
        first = row.pieces[0]
        if not first.text:
            return labels
        while self.above and self.above[-1][0] >= first.indent:
            self.above.pop()
        outer = tuple(label for _, label in self.above if label not in labels)
        if row.indented:
            self.above.append((first.indent, first.text))
        return (*outer, *labels)


def goes_on(text: str) -> bool:
    """Tell whether a cell begins in the middle of a sentence."""
    return text[:1].islower() or text[:1] in ",;)"


def label_rows(rows: Sequence[BodyRow], label_columns: int) -> list[Labelled]:
    """Return what each row is and is called."""
    sections = _section_rows(rows, label_columns)
    totals = [_is_total(row, index == len(rows) - 1, label_columns) for index, row in enumerate(rows)]
    dashed = {i for i, row in enumerate(rows) if _DASHED.match(_last_label(row, label_columns))}
    beside = {i for i in range(len(rows)) if _is_beside_sexes(rows, i, label_columns)}
    several = len(sections) > 1 and sum(totals) >= len(sections)
    state = _State()
    state.held = [""] * label_columns
    labelled = []
    for index, row in enumerate(rows):
        if index in sections:
            state.section = row.pieces[row.filled[0]].text
            state.held, state.parent, state.by_unit = [""] * label_columns, "", {}
            labelled.append(Labelled(RowKind.SECTION, state.under(row, (state.section,))))
            state.section_indent = row.pieces[row.filled[0]].indent
            state.section_loud = False
            continue
        if row.pieces[0].text and row.pieces[0].indent < state.section_indent:
            state.section, state.section_indent = "", 0
        if state.section_loud and row.pieces[0].strong and not totals[index]:
            state.section = ""  # the result below the sections, bold as they are
        state.section_loud |= row.laid and bool(state.section) and not row.pieces[0].strong
        if state.begun and row.pieces[0].text:
            first = replace(row.pieces[0], text=f"{state.begun} {row.pieces[0].text}")
            row = replace(row, pieces=(first, *row.pieces[1:]))
        state.begun = row.pieces[0].text if _is_begun(rows, index) else ""
        labels = _own(row, state, label_columns, total=totals[index])
        labels = state.under(row, labels)
        child = (0 < len(dashed) < len(rows) and index in dashed) or (index in beside and state.bare)
        labels = _with_parent(labels, state, row, label_columns, dashed=child)
        if totals[index]:
            grand = index == len(rows) - 1 and sum(totals) > len(sections)
            state.outside = grand or not several
        elif not labels or state.parent not in labels[:-1]:
            state.outside = False
        if state.section and not state.outside and state.section not in labels:
            labels = (state.section, *labels)
        labelled.append(Labelled(RowKind.TOTAL if totals[index] else RowKind.DATA, labels))
    return labelled


def _is_begun(rows: Sequence[BodyRow], index: int) -> bool:
    """Tell whether a row holds only the first line of the next row's label."""
    if rows[index].filled != [0] or index + 1 >= len(rows) or rows[index + 1].opens:
        return False
    label, after = rows[index].pieces[0], rows[index + 1].pieces[0].text
    return (
        label.kind is Kind.TEXT
        and after[:1].islower()
        and not _VARAV.match(after)
        and not _SEX.fullmatch(after)
    )


def _last_label(row: BodyRow, label_columns: int) -> str:
    own = [piece.text for piece in row.pieces[:label_columns] if piece.text and piece.kind is not Kind.MARK]
    return own[-1] if own else ""


def _has_sexes(rows: Sequence[BodyRow], index: int, label_columns: int) -> bool:
    """Tell whether ``Kvinnor``, ``Män`` or their total stand below: they end what the row names."""
    if index + 1 >= len(rows):
        return False
    below = _SEX.fullmatch(_last_label(rows[index + 1], label_columns))
    return below is not None or _is_beside_sexes(rows, index + 1, label_columns)


def _is_beside_sexes(rows: Sequence[BodyRow], index: int, label_columns: int) -> bool:
    """Tell whether ``Totalt`` stands next to ``Kvinnor`` or ``Män``."""
    if not _ALL.fullmatch(_last_label(rows[index], label_columns)):
        return False
    near = [rows[i] for i in (index - 1, index + 1) if 0 <= i < len(rows)]
    return any(_SEX.fullmatch(_last_label(row, label_columns)) for row in near)


def _is_total(row: BodyRow, last: bool, label_columns: int) -> bool:
    label = _last_label(row, label_columns)
    if not label or len(label) > LONG_CHARS:
        return False
    match = TOTAL.match(label)
    if match and (match.end() == len(label.rstrip(":")) or label[match.end() : match.end() + 1] in ",("):
        return True
    return bool(_TOTAL_FIRST.match(label)) or (last and bool(_TOTAL_LAST.search(label)))


def _section_rows(rows: Sequence[BodyRow], label_columns: int) -> set[int]:
    """Return the rows that only name what follows."""
    only = [i for i, row in enumerate(rows) if row.filled == [0] and row.pieces[0].kind is Kind.TEXT]
    if not only or len(only) > 0.5 * len(rows) + 1:
        return set()
    if _is_empty_form(rows, only):
        return set()
    only = [i for i in only if not _is_begun(rows, i) and not _has_sexes(rows, i, label_columns)]
    sure = {i for i in only if _is_named_section(rows, i, label_columns)}
    ends = {i for i in only if i + 1 < len(rows) and i + 1 not in only}
    sure |= {i for i in ends if rows[i].alone and not _is_total(rows[i], last=False, label_columns=1)}
    if label_columns > 1 and len(only) > 1 and ends == set(only) and _all_named(rows, only, label_columns):
        sure |= ends
    if label_columns == 1 and len(only) > 1 and ends == set(only):
        sure |= {i for i in only if not _is_total(rows[i], last=False, label_columns=1)}
    return sure


def _is_empty_form(rows: Sequence[BodyRow], only: Sequence[int]) -> bool:
    """Tell whether half of the rows of a form have no value, and with them the bold label that opens it."""
    width = len(rows[0].pieces)
    loud = [i for i in only if rows[i].pieces[0].strong]
    return rows[0].laid and width == 2 and loud == [0] and 2 * (len(only) - 1) >= len(rows) - 1 > 1


def _all_named(rows: Sequence[BodyRow], but: Sequence[int], label_columns: int) -> bool:
    """Tell whether all other rows fill every label column: a label alone is then inherited by none."""
    others = [row for i, row in enumerate(rows) if i not in but and not _is_total(row, i == len(rows) - 1, 1)]
    return all(piece.text for row in others for piece in row.pieces[:label_columns])


def _is_named_section(rows: Sequence[BodyRow], index: int, label_columns: int) -> bool:
    piece, width = rows[index].pieces[0], len(rows[index].pieces)
    if (
        width < 2
        or len(piece.text) > LONG_CHARS
        or (TOTAL.match(piece.text) and not piece.text.endswith(":"))
    ):
        return False
    if piece.text.endswith(":"):
        return True
    if label_columns > 1 and width > 2:
        return False
    letters = [char for char in piece.text if char.isalpha()]
    shouts = len(letters) > 3 and all(char.isupper() for char in letters)
    if shouts:
        return sum(row.pieces[0].text.isupper() for row in rows) <= 0.5 * len(rows)
    if index + 1 == len(rows):
        return False
    after = rows[index + 1].pieces[0]
    loud = piece.strong and not after.strong
    return loud or (after.slanted and not piece.slanted and not _VARAV.match(after.text))


def _own(row: BodyRow, state: _State, label_columns: int, *, total: bool) -> tuple[str, ...]:
    """Return the row's own labels with those it inherits, and remember them for the rows below."""
    own = ["" if p.kind is Kind.MARK else p.text for p in row.pieces[:label_columns]]
    first = next((column for column, text in enumerate(own) if text), label_columns)
    if total and first > 0 and not any(own[first + 1 :]):
        labels = [
            state.held[c] if c < first and not CODE.fullmatch(state.held[c]) else own[c]
            for c in range(len(own))
        ]
        return tuple(label for label in labels if label)
    if row.laid and first == label_columns and not row.opens:
        return ()
    if row.opens and first < label_columns and _is_cut(state.held[first], own[first]):
        own[first] = f"{state.held[first]} {own[first]}"
    for column, text in enumerate(own):
        if column >= first:
            state.held[column] = text
    held = state.held
    if row.laid:
        held = ["" if c < first and CODE.fullmatch(label) else label for c, label in enumerate(held)]
    return tuple(label for label in held if label)


def _is_cut(before: str, after: str) -> bool:
    """Tell whether a page break cut a label: ``... VON, KFAB,`` and then ``KIAB, VSR``."""
    if not before or _VARAV.match(after) or _SEX.fullmatch(after):
        return False
    return bool(after) and (before.endswith((",", " och", "/", " i", " av", " för")) or goes_on(after))


def _with_parent(
    labels: tuple[str, ...], state: _State, row: BodyRow, label_columns: int, *, dashed: bool
) -> tuple[str, ...]:
    """Put the row that a ``varav``, ``Män`` or ``- del`` row belongs to before its own label."""
    if row.laid and not row.opens and _is_spare(row, label_columns):
        state.parent, state.by_unit = "", {}
    if not labels or not _last_label(row, label_columns):
        return labels
    last = labels[-1]
    sub = dashed or _VARAV.match(last) is not None or (_SEX.fullmatch(last) is not None and len(labels) >= 1)
    if not sub:
        state.parent, state.bare = last, row.filled[-1] < label_columns
        state.by_unit[unit_of_row(last) or ""] = last
        return labels
    alone = _SEX.fullmatch(last) is not None and _ALL.fullmatch(state.parent) is not None
    if not state.parent or alone:
        return labels
    return (*labels[:-1], _of_its_unit(last, state), last)


def _is_spare(row: BodyRow, label_columns: int) -> bool:
    """Tell whether a row of a form was left empty: no label, and nothing but what a formula makes of that."""
    values = [row.pieces[column].text for column in row.filled]
    unnamed = bool(row.filled) and row.filled[0] >= label_columns
    return unnamed and all(_NOTHING.fullmatch(value) for value in values)


_NOTHING = re.compile(r"[-–−]|[-–−+±]?\s?0(?:[.,]0+)?\s?%?")


def _of_its_unit(label: str, state: _State) -> str:
    """Return what a ``varav, antal`` is part of: not of the share right above, but of a count."""
    unit = unit_of_row(label)
    other = unit is not None and unit_of_row(state.parent) not in (None, unit)
    return state.by_unit.get(unit or "", state.parent) if other else state.parent
