"""Which lines of a block are its header, and what each column is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapportsvar.model import Span
from rapportsvar.structure.tables.pieces import LONG_CHARS, Kind, Line, Piece

MAX_HEADER_LINES = 4
HEADER_CHARS = 150

_VALUE_WORDS = re.compile(
    r"(?:prognos|budget|utfall|bokslut|avvikelse|redovisat|kvinnor|män|flickor|pojkar|riket|målvärde|delår|helår|period"
    r"|kf-budget|föregående|ack|diff|förändring|utf\b|bud\b|belopp)",
    re.IGNORECASE,
)
_UNITISH = re.compile(
    r"\b(?:tkr|mnkr|mkr|kkr|mdkr|kr|kronor|belopp|miljoner|tusental|procent)\b|%", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[^\W\d_]{3,}\.$")


def header_depth(lines: Sequence[Line]) -> int:
    """Return how many of the first lines, rules between them included, are header."""
    body = [(index, line) for index, line in enumerate(lines) if not line.rule]
    depth = _depth([line for _, line in body])
    if depth == 0 and len(lines) > 1 and lines[1].rule and body and not has_values(lines[0]):
        depth = 1
    if depth == 0:
        return 0
    last = body[depth - 1][0] + 1
    while last < len(lines) and lines[last].rule:
        last += 1
    return last


def _depth(rows: Sequence[Line]) -> int:
    if not rows or not _may_be_header(rows[0]):
        return 0
    data = next((index for index, row in enumerate(rows) if has_values(row)), None)
    if data == 0:
        return 0
    if data is None:
        return _depth_of_text(rows)
    if _is_key_value(rows, data):
        return 0
    if rows[0].filled == [0] and (data == 1 or not _may_be_second(rows, 1, data)):
        return 0
    depth = 1
    while depth < min(data, MAX_HEADER_LINES) and _may_be_second(rows, depth, data):
        depth += 1
    return depth


def has_values(row: Line) -> bool:
    """Tell whether a row holds amounts: then it is no header."""
    kinds = [piece.kind for piece in row.pieces]
    if any(kind in (Kind.NUMBER, Kind.DASH) for kind in kinds[1:]):
        return True
    return kinds[0] is Kind.NUMBER and Kind.TEXT in kinds[1:]


def _may_be_header(row: Line) -> bool:
    filled = [row.pieces[column] for column in row.filled]
    if any(len(piece.text) > HEADER_CHARS or piece.kind is Kind.MARK for piece in filled):
        return False
    sentences = sum(1 for piece in filled if _SENTENCE_END.search(piece.text) and len(piece.text) > 40)
    return sentences == 0 and not any(piece.text.lower().startswith("varav") for piece in filled[:1])


def _may_be_second(rows: Sequence[Line], index: int, data: int) -> bool:
    """Tell whether a row below the first header row is header too."""
    row, above = rows[index], rows[index - 1]
    if not row.filled or row.filled == [0] or not _may_be_header(row):
        return False
    others = [row.pieces[column] for column in row.filled if column]
    if any(len(piece.text) > 60 for piece in others):
        return False
    if row.pieces[0].kind is Kind.EMPTY or _names_parts(above, row) or _names_all(rows, index):
        return True
    if above.filled == [0] and index == 1:
        return len(others) > 1
    first = row.pieces[0].text
    if all(piece.kind is Kind.PERIOD for piece in others):
        return not _only_loose_years(others) or bool(_UNITISH.search(first)) or index + 1 == data
    return bool(_UNITISH.search(first)) and len(first) < 50


def _names_parts(above: Line, row: Line) -> bool:
    """Tell whether a full row names parts of merged cells: ``Enhet | Kvinnor | Män`` below ``| 2021 | |``.

    Its first cell names the rows; the others are names that are known, or the same under each merged cell.
    """
    end = row.filled[-1] + 1
    tops = [column for column in above.filled if 0 < column < end]
    if not tops or len(row.filled) < end or any(len(row.pieces[c].text) > 40 for c in row.filled):
        return False
    if len(tops) == end - 1 or tops[0] != 1:
        return False
    names = [piece for piece in row.pieces[1:end] if piece.kind in (Kind.TEXT, Kind.PERIOD)]
    if len(names) < end - 1:
        return False
    if all(piece.kind is Kind.PERIOD or _VALUE_WORDS.match(piece.text) for piece in names):
        return True
    groups = [row.pieces[start:stop] for start, stop in zip(tops, [*tops[1:], end], strict=True)]
    return len(groups) > 1 and len({tuple(piece.text for piece in group) for group in groups}) == 1


def _names_all(rows: Sequence[Line], index: int) -> bool:
    """Tell whether a full row of words names every column between merged cells and amounts.

    ``Enhet | Heltid | Män`` below ``| Andel, procent |`` and above ``Vuxna | 91 | 21``: were it data, two
    columns of amounts would have no names of their own.
    """
    above, row = rows[index - 1], rows[index]
    if index + 1 >= len(rows) or above.pieces[0].kind is not Kind.EMPTY:
        return False
    end = row.filled[-1] + 1
    tops = [column for column in above.filled if column < end]
    if not tops or tops[0] != 1 or len(tops) == end - 1 or len(row.filled) < end:
        return False
    if any(piece.kind is not Kind.TEXT or len(piece.text) > 40 for piece in row.pieces[:end]):
        return False
    below = rows[index + 1].pieces[1:end]
    return len(below) == end - 1 and all(piece.kind in (Kind.NUMBER, Kind.DASH) for piece in below)


def _only_loose_years(pieces: Sequence[Piece]) -> bool:
    years = [int(piece.text) for piece in pieces if re.fullmatch(r"(?:19|20)\d\d", piece.text)]
    return len(years) == len(pieces) and (max(years) - min(years) > 12 or max(years) > 2040)


def _is_key_value(rows: Sequence[Line], data: int) -> bool:
    """Tell whether rows of two columns are keys and values, not a header and data."""
    width = max(row.filled[-1] for row in rows if row.filled) + 1
    if width != 2:
        return False
    if rows[0].pieces[0].text.endswith(":"):
        return True
    return data > 1 and len(rows[0].filled) == 2 and not _may_be_second(rows, 1, data)


def _depth_of_text(rows: Sequence[Line]) -> int:
    """Return the depth in a table without amounts."""
    width = max((row.filled[-1] + 1 for row in rows if row.filled), default=0)
    if all(piece.kind in (Kind.PERIOD, Kind.EMPTY) for row in rows for piece in row.pieces):
        return len(rows)
    if width == 2:
        return _depth_of_pairs(rows)
    if width < 2 or len(rows[0].filled) < 2 or any(len(piece.text) > LONG_CHARS for piece in rows[0].pieces):
        return 0
    if len(rows) > 1 and (_fills_blanks(rows[0], rows[1]) or _names_parts(rows[0], rows[1])):
        return 2
    return 1


def _depth_of_pairs(rows: Sequence[Line]) -> int:
    first = rows[0]
    if first.filled == [0]:
        return 1 if len(rows) > 1 and all(1 in row.filled for row in rows[1:]) else 0
    if len(rows) == 1 or first.filled == [1] or first.pieces[0].text.endswith(":"):
        return 0
    value = first.pieces[1].text
    if _PAIR_NAME.fullmatch(value) or (
        first.pieces[1].strong and not any(row.pieces[-1].strong for row in rows[1:])
    ):
        return 1
    others = sorted(len(row.pieces[1].text) for row in rows[1:] if 1 in row.filled)
    typical = others[len(others) // 2] if others else 0
    return 1 if len(value) <= 40 and typical >= 2.5 * len(value) and not any(map(str.isdigit, value)) else 0


_PAIR_NAME = re.compile(
    r"status|(?:status)?bedömning|(?:kort)?kommentar(?:er)?|utfall|prognos|ansvarig(?:a)?|resultat|måluppfyllelse"
    r"|beskrivning|uppföljning|datum|mål|målvärde|åtgärd(?:er)?|belopp|antal|namn|roll|funktion|parti|typ|analys"
    r"|indikator(?:er)?|nämndmål|uppdrag|aktivitet(?:er)?|budget|bokslut|förklaring|definition|nivå|betydelse|värde",
    re.IGNORECASE,
)


def _fills_blanks(above: Line, row: Line) -> bool:
    """Tell whether ``row`` names the parts of merged cells in ``above``."""
    if not row.filled or 0 in row.filled or any(len(row.pieces[c].text) > 40 for c in row.filled):
        return False
    blanks = {c for c, piece in enumerate(above.pieces) if piece.kind is Kind.EMPTY and c}
    return bool(blanks & set(row.filled)) and all(c in blanks or c + 1 in blanks for c in row.filled)


def is_inner_header(rows: Sequence[Line], index: int) -> bool:
    """Tell whether another table's header stands at ``index``: column names between rows of amounts."""
    row = rows[index]
    names = [column for column in row.filled if column]
    if len(names) < 2 or has_values(row) or not _may_be_header(row) or index + 1 >= len(rows):
        return False
    if any(len(row.pieces[column].text) > 40 for column in names):
        return False
    known = sum(
        row.pieces[column].kind is Kind.PERIOD or bool(_VALUE_WORDS.match(row.pieces[column].text))
        for column in names
    )
    after = rows[index + 1] if has_values(rows[index + 1]) else rows[min(index + 2, len(rows) - 1)]
    return 2 * known > len(names) and has_values(rows[index - 1]) and has_values(after)


def plain(words: str) -> str:
    """Return words for comparison: no blanks, hyphens or case."""
    return re.sub(r"[\s\-–.,:]+", "", words).lower()


def alike(first: Sequence[Line], second: Sequence[Line]) -> bool:
    """Tell whether two headers say the same, in as many columns, whatever lines they are broken into."""
    if not first or not second:
        return False
    one, other = (plain("".join(p.text for line in part for p in line.pieces)) for part in (first, second))
    if one == other:
        return True
    widths = [max(len(line.pieces) for line in part) for part in (first, second)]
    if widths[0] != widths[1] or widths[0] < 3:
        return False
    if [p.text for p in first[0].pieces[:2]] != [p.text for p in second[0].pieces[:2]]:
        return False
    bags = [
        {w for line in part for p in line.pieces for w in p.text.lower().split()} for part in (first, second)
    ]
    shared = len(bags[0] & bags[1])
    return shared >= 4 and shared >= 0.8 * len(bags[0] | bags[1])


def is_stackable(top: Sequence[Line], below: Sequence[Line], width: int) -> bool:
    """Tell whether ``below`` is the lower part of the header that ``top`` begins."""
    upper = [line for line in top if not line.rule]
    if not upper or not below or below[0].pieces[0].kind is not Kind.EMPTY:
        return False
    names = len(upper[-1].filled) - 1
    return names > 0 and width > len(upper[-1].filled) and (width - 1) % names == 0


def column_paths(
    header: Sequence[Line], width: int, filled: Sequence[float], *, exact: bool = False
) -> list[tuple[str, ...]]:
    """Return the path of each column.

    Args:
        header: The header lines, rules left out.
        width: How many columns the table has.
        filled: For each column the share of data rows where something stands.
        exact: Merged cells are known, and already name all their columns: a blank one has no name.
    """
    if header and header[0].filled == [0] and len(header) > 1:
        header = header[1:]
    if exact:
        names = [[piece.text for piece in line.pieces[:width]] for line in header]
        return [_path([row[column] for row in names if column < len(row)]) for column in range(width)]
    header = _split_names(header, width)
    grid = [_fitted(line, width, filled, alone=len(header) == 1) for line in header]
    if len(grid) == 1:
        grid = [_spread_alone(grid[0], filled)]
    else:
        grid = [_spread(row, grid[i + 1 :]) for i, row in enumerate(grid)]
    return [_path([row[column] for row in grid]) for column in range(width)]


def _split_names(header: Sequence[Line], width: int) -> Sequence[Line]:
    """Part a name that holds two, ``Utfall kvinnor Utfall män``, where the header is one name too short."""
    if len(header) < 2 or any(line.filled and line.filled[-1] + 1 == width for line in header):
        return header
    for line in header:
        for column, piece in enumerate(line.pieces):
            match = _TWICE.fullmatch(piece.text)
            if match:
                halves = (replace(piece, text=match[1]), replace(piece, text=match[3]))
                return [_inserted(other, column, halves if other is line else None) for other in header]
    return header


_TWICE = re.compile(r"((\w{4,}) \w.*?) (\2 \w.*)")


def _inserted(line: Line, column: int, halves: tuple[Piece, Piece] | None) -> Line:
    if halves is None:
        end = line.pieces[column].span.end
        halves = (line.pieces[column], Piece(Span(end, end), "", Kind.EMPTY))
    return replace(line, pieces=(*line.pieces[:column], *halves, *line.pieces[column + 1 :]))


def _fitted(line: Line, width: int, filled: Sequence[float], *, alone: bool) -> list[str]:
    """Return the names of a header line, moved to the columns where they belong."""
    names = [piece.text for piece in line.pieces][:width]
    used = line.filled[-1] + 1 if line.filled else 0
    if used < width and len(names) < width:
        given = [name for name in names if name]
        if (
            len(given) > 1
            and len(given) < width - 1
            and (width - 1) % (len(given) - 1) == 0
            and used == len(given)
        ):
            step = (width - 1) // (len(given) - 1)
            return [given[0], *[name for g in given[1:] for name in [g, *[""] * (step - 1)]]]
        if len(names) == width - 1 and names[0] and _VALUE_WORDS.match(names[0]):
            return ["", *names]
    names += [""] * (width - len(names))
    if alone and width > 3 and used == width - 1 and filled[width - 1] > 0.6 and all(names[: width - 1]):
        return _moved(names, filled)
    return names


def _moved(names: list[str], filled: Sequence[float]) -> list[str]:
    """Let the name over a sparse column cover two, where the last column has no name.

    As in ``MÅTETAL | Uppföljning | Kommentar | Prognos |`` over eight filled columns: a merged cell lost its
    second half, and the names after it stand one column too far to the left.
    """
    sparse = min(range(1, len(names) - 1), key=lambda column: filled[column])
    if filled[sparse] > 0.6:
        return names
    owner = sparse if len(names[sparse]) >= len(names[sparse - 1]) else sparse - 1
    return [*names[: owner + 1], "", *names[owner + 1 : -1]]


def _spread_alone(row: list[str], filled: Sequence[float]) -> list[str]:
    """Let a name in a header of one line hold for the blank header cell to its right, where data stand."""
    spread = list(row)
    for column in range(1, len(row)):
        last = column == len(row) - 1 and len(row) > 2
        if (
            not row[column]
            and spread[column - 1]
            and filled[column] > 0
            and not (last and filled[column] < 0.3)
        ):
            spread[column] = spread[column - 1]
    return spread


def _spread(row: list[str], below: Sequence[list[str]]) -> list[str]:
    """Let a merged cell's name hold for the blank cells to its right that have names beneath."""
    spread, owner = list(row), 0
    for column, name in enumerate(row):
        if name:
            owner = column
            continue
        beneath, under_owner = (next((lower[c] for lower in below if lower[c]), "") for c in (column, owner))
        # "Budget | | " over "2020 | Avvikelse": the second is a name of its own.
        foreign = _is_period(under_owner) and not _is_period(beneath)
        if owner and beneath and not foreign:
            spread[column] = row[owner]
    return spread


def _is_period(words: str) -> bool:
    return bool(re.match(r"(?:19|20)\d\d", words))


def _path(names: Sequence[str]) -> tuple[str, ...]:
    path: list[str] = []
    for name in names:
        if not name:
            continue
        if path and path[-1].endswith("-") and name[:1].islower():
            path[-1] = path[-1][:-1] + name
        elif not path or path[-1] != name:
            path.append(name)
    return tuple(path)
