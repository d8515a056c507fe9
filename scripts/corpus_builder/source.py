"""The sources of the demonstration corpus: Markdown with front matter, and directives for tables and figures.

The syntax is told in ``corpus-sources/README.md``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus_builder.facts import Block, shown, total

LEFT, ABOVE = "<", "^"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the highest below the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``[^1]`` in it marks a footnote, ``**`` bold type."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of items."""

    items: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. ``kind`` is ``head``, ``body``, ``section`` or ``sum``."""

    kind: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``options`` holds the lines ``key: value``, ``notes`` those called ``not``."""

    rows: tuple[Row, ...]
    options: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(len(row.cells) for row in self.rows)

    @property
    def head(self) -> int:
        """How many header rows it has."""
        return sum(row.kind == "head" for row in self.rows)

    @property
    def caption(self) -> str:
        """Its caption with its unit, or nothing."""
        caption, unit = self.options.get("rubrik", ""), self.options.get("enhet", "")
        return f"{caption} ({unit})" if caption and unit else caption or unit

    def grid(self) -> list[list[str]]:
        """Return its cells, every row as wide as the table; a section row spans it all."""
        wide = []
        for row in self.rows:
            fill = LEFT if row.kind == "section" else ""
            wide.append([*row.cells, *[fill] * (self.width - len(row.cells))])
        return wide

    def spans(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield each cell that is shown as row, column, rows and columns that it covers."""
        grid = self.grid()
        for at, row in enumerate(grid):
            for column, cell in enumerate(row):
                if cell in (LEFT, ABOVE):
                    continue
                wide = 1
                while column + wide < len(row) and row[column + wide] == LEFT:
                    wide += 1
                high = 1
                while at + high < len(grid) and grid[at + high][column] == ABOVE:
                    high += 1
                yield at, column, high, wide


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of bars with a caption."""

    caption: str
    bars: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What only paper knows: ``sidbryt`` (a new page), ``spalter`` (two columns), ``spalt`` (one again)."""

    what: str


Piece = Heading | Paragraph | Listing | Table | Figure | Mark


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it was read: its front matter, its pieces in order, its footnotes by mark."""

    about: Mapping[str, object]
    pieces: tuple[Piece, ...]
    footnotes: Mapping[str, str] = field(default_factory=dict)

    def lines(self, key: str) -> list[str]:
        """Return a list of texts of the front matter."""
        value = self.about.get(key, [])
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]

    def text(self, key: str, otherwise: str = "") -> str:
        """Return a text of the front matter."""
        return str(self.about.get(key, otherwise))

    def flag(self, key: str, otherwise: bool = False) -> bool:
        """Return a truth of the front matter."""
        return bool(self.about.get(key, otherwise))


_MARKS = {"sidbryt", "spalter", "spalt"}
_FOOTNOTE = re.compile(r"\[\^(\w+)\]: (.*)")
_ROWS = {"!": "head", "|": "body", "=": "section", "+": "sum"}


def read_source(path: Path, facts: Mapping[str, Block]) -> Document:
    """Read a source, and fill its tables in from the facts.

    Raises:
        ValueError: It cannot be understood; names file and place.
    """
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    pieces: list[Piece] = []
    footnotes: dict[str, str] = {}
    try:
        for block in _blocks(body):
            if note := _FOOTNOTE.match(block[0]):
                footnotes[note[1]] = note[2]
            else:
                pieces.append(_piece(block, facts))
    except (ValueError, KeyError) as bad:
        raise ValueError(f"{path}: {bad}") from bad
    return Document(tomllib.loads(front), tuple(pieces), footnotes)


def _blocks(body: str) -> Iterator[list[str]]:
    """Yield the lines of each block: a directive up to its end, a heading, or lines up to an empty one."""
    block: list[str] = []
    inside = False
    for line in body.splitlines():
        if inside and line.strip() != ":::":
            block.append(line)
            continue
        ends = inside or not line.strip() or line.startswith(("#", ":::", "[^"))
        if ends and block:
            yield block
            block = []
        if inside:
            inside = False
        elif line.startswith(":::"):
            block = [line]
            inside = line.removeprefix(":::").strip() not in _MARKS
            if not inside:
                yield block
                block = []
        elif line.startswith(("#", "[^")):
            yield [line]
        elif line.strip():
            block.append(line)
    if block:
        yield block


def _piece(block: list[str], facts: Mapping[str, Block]) -> Piece:
    first = block[0]
    if first.startswith("#"):
        marks, text = first.split(" ", 1)
        return Heading(len(marks), text.strip())
    if first.startswith(":::"):
        return _directive(first.removeprefix(":::").strip(), block[1:], facts)
    if first.startswith("- "):
        return Listing(tuple(line.removeprefix("- ") for line in block), ordered=False)
    if re.match(r"1\. ", first):
        return Listing(tuple(line.split(". ", 1)[1] for line in block), ordered=True)
    return Paragraph(" ".join(block))


def _directive(name: str, lines: list[str], facts: Mapping[str, Block]) -> Piece:
    if name in _MARKS:
        return Mark(name)
    rows = [_row(line) for line in lines if line[:1] in _ROWS]
    pairs = [line.split(": ", 1) for line in lines if line.strip() and line[:1] not in _ROWS]
    options = {key: value.strip() for key, value in pairs if key != "not"}
    notes = tuple(value for key, value in pairs if key == "not")
    if name == "figur":
        bars = (bar.strip().rsplit(" ", 1) for bar in options["staplar"].split(";"))
        return Figure(
            options["rubrik"], tuple((label, float(size.replace(",", "."))) for label, size in bars)
        )
    if name != "tabell":
        raise ValueError(f"The directive {name!r} is unknown")
    if "fakta" in options:
        rows += _filled(options, facts[options["fakta"]])
    if not rows:
        raise ValueError(f"The table {options} has no rows")
    return Table(tuple(rows), options, notes)


def _row(line: str) -> Row:
    return Row(_ROWS[line[0]], tuple(cell.strip() for cell in line[1:].rstrip().removesuffix("|").split("|")))


def _filled(options: Mapping[str, str], block: Block) -> list[Row]:
    """Rows from the facts: ``kolumner`` names label and expression of each, ``rader`` the rows."""
    columns = [column.strip().partition("=") for column in options["kolumner"].split("|")]
    per = int(options.get("delare", "1"))
    head = Row("head", tuple(label.strip() for label, _, _ in columns))
    wanted = options.get("rader", "*")
    labels = list(block.rows) if wanted == "*" else [label.strip() for label in wanted.split(";")]
    renamed = dict(pair.split("=") for pair in options.get("namn", "").split(";") if pair)
    rows, sums = [], [[] for _ in columns[1:]]  # type: list[Row], list[list[str]]
    for label in labels:
        values = [block.value(label, expression) for _, _, expression in columns[1:]]
        for held, value in zip(sums, values, strict=True):
            held.append(value)
        rows.append(Row("body", (renamed.get(label, label), *(shown(value, per) for value in values))))
    if "summa" in options:
        rows.append(Row("sum", (options["summa"], *(shown(total(held), per) for held in sums))))
    return [head, *rows]
