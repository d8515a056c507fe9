"""Which of a table's first columns are labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapportsvar.structure.tables.align import Profile
from rapportsvar.structure.tables.labels import CODE, TOTAL, BodyRow, goes_on
from rapportsvar.structure.tables.pieces import Kind, kind_of

MAX_LABEL_COLUMNS = 4
_NO_LABEL = re.compile(
    r"(?:kommentar|kortkommentar|status|trend|prognos|utfall|budget|uppföljning|målvärde|mål\s?20|bedömning|analys|ansvar"
    r"|orsak|utveckling|resultat\b|avvikelse|mätdatum|beslut|jämf|insatser|hantering|möjliga|måluppfyllelse|effekt"
    r"|slutdatum|startdatum|datum|beskrivning|motivering|prioriterade|nämndens prioriterade)",
    re.IGNORECASE,
)


def count_label_columns(rows: Sequence[BodyRow], columns: Sequence[Profile], names: Sequence[str]) -> int:
    """Return how many columns from the left label the row: at least one, never all of them."""
    width = len(columns)
    if width < 2:
        return width
    most = min(width - 1, MAX_LABEL_COLUMNS)
    numbered = _name_after_codes(rows, columns, most)
    if numbered:
        return numbered
    count = _first_label(rows, columns, most)
    while count < most:
        if not _is_label(count, rows, columns, names):
            break
        if not (_needs_more(count, rows, columns) or _says_what(names, count)):
            break
        count += 1
    return count


def _name_after_codes(rows: Sequence[BodyRow], columns: Sequence[Profile], most: int) -> int:
    """Return how many columns label a row that codes open before its name; 0 where none do."""
    if not rows or not rows[0].laid:
        return 0
    for column in range(most):
        texts = [row.pieces[column].text for row in rows if row.pieces[column].text]
        if all(CODE.fullmatch(text) or text.isdigit() for text in texts):
            continue
        named = columns[column].text >= 0.8 and columns[column].filled >= 0.8
        amounts = any(later.number >= 0.5 for later in columns[column + 1 :])
        return column + 1 if column and named and amounts else 0
    return 0


def _first_label(rows: Sequence[BodyRow], columns: Sequence[Profile], most: int) -> int:
    """Return the first column that can label, counted from 1; status marks and blanks before it do not."""
    for column in range(most):
        kinds = {row.pieces[column].kind for row in rows} - {Kind.EMPTY}
        if kinds and not kinds <= {Kind.MARK, Kind.DASH}:
            return column + 1
    return 1


def _is_label(column: int, rows: Sequence[BodyRow], columns: Sequence[Profile], names: Sequence[str]) -> bool:
    """Tell whether a column can label rows: words (or codes), not values, comments or sentences."""
    profile = columns[column]
    if column and (profile.period > 0.5 or kind_of(names[column]) is Kind.PERIOD):
        return False
    if profile.number >= 0.5 and not _all_codes(rows, column):
        return False
    if profile.filled == 0 or (profile.text < 0.5 and not _all_codes(rows, column)):
        return False
    numeric_later = any(p.number >= 0.5 and p.filled > 0.2 for p in columns[column + 1 :])
    if _NO_LABEL.match(names[column]):
        return False
    codes_before = all(_all_codes(rows, before) for before in range(column))
    return numeric_later or codes_before or profile.long < 0.5 or _inherits(rows, column + 1)


def _needs_more(count: int, rows: Sequence[BodyRow], columns: Sequence[Profile]) -> bool:
    """Tell whether the first ``count`` columns do not yet tell the rows apart."""
    if _inherits(rows, count):
        return True
    cells = [row.pieces[count - 1] for row in rows]
    texts = [piece.text for piece in cells if piece.text]
    if texts and all(CODE.fullmatch(text) for text in texts if not TOTAL.match(text)):
        return True
    keys = [tuple(piece.text for piece in row.pieces[:count]) for row in rows if len(row.filled) > 1]
    if len(set(keys)) < 0.9 * len(keys):
        return True
    numeric = [c for c, column in enumerate(columns) if column.number >= 0.5 and column.filled > 0.2]
    return bool(numeric) and numeric[0] > count and columns[count].filled > 0.7


_MEASURE_NAME = re.compile(
    r"(?:resultat)?(?:indikator|mått|nyckeltal|mätetal|styrtal|måttal)(?:er)?", re.IGNORECASE
)
_ACTION_NAME = re.compile(r"(?:åtgärd|aktivitet|uppdrag|projekt)(?:er)?", re.IGNORECASE)
_WHOSE_NAME = re.compile(
    r"(?:nr|nummer|löpnr|nämnd(?:/styrelse)?|styrelse|förvaltning|avdelning|enhet|område|verksamhet|ansvarig)\.?",
    re.IGNORECASE,
)


def _says_what(names: Sequence[str], column: int) -> bool:
    """Tell whether a column names what its rows are, though those before tell them apart.

    An indicator beside its goal, an action beside the board that takes it.
    """
    if _MEASURE_NAME.fullmatch(names[column]):
        return True
    whose = all(_WHOSE_NAME.fullmatch(name) for name in names[:column])
    return whose and _ACTION_NAME.fullmatch(names[column]) is not None


def _inherits(rows: Sequence[BodyRow], count: int) -> bool:
    """Tell whether rows leave their first ``count`` cells blank for others than the rest of a cut cell."""
    return any(
        row.filled and row.filled[0] == count and not _is_rest(row, count)
        for row in rows[1:]
        if len(row.filled) > 1
    )


def _is_rest(row: BodyRow, column: int) -> bool:
    return row.opens and goes_on(row.pieces[column].text)


def _all_codes(rows: Sequence[BodyRow], column: int) -> bool:
    texts = [row.pieces[column].text for row in rows if row.pieces[column].text]
    return bool(texts) and column <= 1 and all(CODE.fullmatch(text) for text in texts)
