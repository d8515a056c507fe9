"""The nouns of the project, as frozen dataclasses: what a report is made of, and what an answer is made of.

Offsets are characters into the report's text, end exclusive. Nothing here holds a copy of text that the
report holds already: ``span.of(text)`` is what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the report's text: ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words at this span."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Tell whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlap_chars(self, other: Span) -> int:
        """Count the characters that both spans cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    @property
    def length_chars(self) -> int:
        """How many characters it covers."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, both days included: ``2020-01-01`` to ``2020-08-31`` is januari-augusti 2020."""

    first: date
    last: date

    @property
    def year(self) -> int:
        """The year that the period ends in."""
        return self.last.year


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of metadata, with how it was found.

    Attributes:
        value: As it is shown, in Swedish.
        certain: False where the rule that found it is a guess.
        rule: The name of the rule that decided, such as ``title line`` or ``most frequent name``.
        span: Where it stands, if it stands in the text.
    """

    value: str
    certain: bool
    rule: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says of itself. ``None``: not found."""

    title: Fact | None = None
    municipality: Fact | None = None
    board: Fact | None = None
    kind: Fact | None = None
    period: Fact | None = None
    year: Fact | None = None
    date: Fact | None = None
    reference: Fact | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the source.

    Attributes:
        number: Its place in the file, from 1.
        span: The text on it.
        width: As it is shown, in points; 0 where the format does not tell.
        height: In points.
    """

    number: int
    span: Span
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One of several documents in a file: a cover letter, the report itself, an appendix."""

    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, down to the next heading of the same or a higher level.

    Attributes:
        index: Its place in ``Report.sections``; 0 is the report itself, before any heading.
        title: The heading without its marks and number signs of Markdown.
        level: 0 for the report, 1 for the highest headings.
        heading: Where the heading stands; None for section 0.
        span: From the heading to the end of all that belongs under it.
        path: Titles from the highest heading to this one, both included.
        part: Its place in ``Report.parts``.
    """

    index: int
    title: str
    level: int
    heading: Span | None
    span: Span
    path: tuple[str, ...]
    part: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence inside a passage."""

    span: Span


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Which cell a passage stands in: places in ``Report.tables``, ``Table.rows`` and ``Row.cells``."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable piece of prose inside one section.

    Attributes:
        span: What is shown. It may hold, between its pieces, a footnote or blank lines of a page break.
        pieces: The prose itself, in order; one piece unless the page cut it.
        sentences: In order, each inside ``span``.
        section: Its place in ``Report.sections``.
        cell: The cell it stands in, where it is a piece of a long cell.
    """

    span: Span
    pieces: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    section: int
    cell: CellPlace | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure, with where it was read.

    Attributes:
        name: ``kr``, ``tkr``, ``mnkr``, ``mdkr``, ``%``, ``antal``, ``dagar`` ...
        source: ``cell``, ``column``, ``row``, ``header``, ``caption``, ``section`` or ``text``.
    """

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        span: The text between the tabs, without surrounding blanks; empty where the cell is empty.
        column: Its place in ``Table.columns``.
        row_path: Labels of its row, outermost first, inherited ones included.
        column_path: Headers of its column, outermost first.
        unit: None where none could be read.
        values: The numbers in it; two for ``1,7/6,3``; none for text.
    """

    span: Span
    column: int
    row_path: tuple[str, ...]
    column_path: tuple[str, ...]
    unit: Unit | None = None
    values: tuple[float, ...] = ()


class RowKind(StrEnum):
    """What a row is for."""

    HEADER = "header"
    DATA = "data"
    SECTION = "section"
    TOTAL = "total"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. ``labels`` are its own and inherited labels, outermost first."""

    span: Span
    kind: RowKind
    cells: tuple[Cell, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, also where a page break or a repeated header cut it into several blocks of lines.

    Attributes:
        span: From the first line to the last.
        rows: All lines, header rows included, in order.
        columns: The header path of each column, outermost first.
        section: Its place in ``Report.sections``.
        caption: The line above that names it.
        notes: Footnotes that belong to it.
        unit: The unit that holds for the whole table.
        label_columns: How many columns from the left label the row.
    """

    span: Span
    rows: tuple[Row, ...]
    columns: tuple[tuple[str, ...], ...]
    section: int
    caption: Span | None = None
    notes: tuple[Span, ...] = ()
    unit: Unit | None = None
    label_columns: int = 1


class FurnitureKind(StrEnum):
    """Text that is not content: it is neither shown as an answer nor indexed."""

    CONTENTS = "contents"
    PAGE = "page"
    HEADING = "heading"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Furniture:
    """A stretch of text that is no passage and no row, with what it is."""

    span: Span
    kind: FurnitureKind


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """A line that the format itself, or its type, says is a heading.

    Attributes:
        span: The heading's words, on a line of their own.
        level: 1 for the highest.
    """

    span: Span
    level: int


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as the format lays it out; merged cells cover several rows or columns.

    Attributes:
        span: Its words; empty where the cell is.
        row: From 0.
        column: From 0.
        row_span: How many rows it covers.
        column_span: How many columns it covers.
        header: The format says that it is a header.
        bold: All its words are bold.
        indent: How deep its words are set in, compared with the others of its column; 0 for the outermost.
    """

    span: Span
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    bold: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as the format lays it out. In the text each of its rows is one line, its cells divided by tabs.

    Attributes:
        span: From the first row's line to the last's.
        cells: In the order of the text; a place that a merged cell covers has none of its own.
        rows: How many.
        columns: How many.
        caption: What the format says names it.
    """

    span: Span
    cells: tuple[GridCell, ...]
    rows: int
    columns: int
    caption: Span | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format knows of a text beside its characters; each tuple in the order of the text.

    Attributes:
        headings: Lines that are headings. Where there is one, no other line becomes a heading by its looks.
        grids: Tables. Where there is one, tabs outside them make no table.
        furniture: Running headers, footers, page numbers and tables of contents.
    """

    headings: tuple[HeadingMark, ...] = ()
    grids: tuple[Grid, ...] = ()
    furniture: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PlacedWords:
    """Where on its page each word of a text stands; all arrays in the order of the text.

    Attributes:
        starts: Offset of each word, ``(n,) int32``.
        ends: End of each word, ``(n,) int32``.
        pages: Page number of each word from 1, ``(n,) int32``.
        boxes: x0, y0, x1, y1 of each word in points from the page's top left corner, ``(n, 4) float32``.
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    pages: NDArray[np.int32]
    boxes: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Masked:
    """A stretch of a text that is shown as marks of the same length: where it begins, what stood there."""

    start: int
    text: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.start + len(self.text))


@dataclass(frozen=True, slots=True)
class Source:
    """A report as it was read, before its structure is known.

    Attributes:
        name: Path below the indexed folder, with ``/``.
        text: What offsets refer to. For ``.txt`` and ``.md`` the decoded file, unchanged.
        sha256: Of the file's bytes, in hexadecimal.
        pages: Empty where the format has none.
        warnings: In Swedish, for the person who indexes.
        layout: None where the format has nothing but characters.
        words: None where the format has no pages to place words on.
        properties: What the file says of itself, such as ``("title", "Delårsrapport 2023")``.
        masked: What stood where ``text`` holds marks in place of a personal identity number.
    """

    name: str
    text: str
    sha256: str
    pages: tuple[Page, ...] = ()
    warnings: tuple[str, ...] = ()
    layout: Layout | None = None
    words: PlacedWords | None = field(default=None, compare=False)
    properties: tuple[tuple[str, str], ...] = ()
    masked: tuple[Masked, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One document with its metadata and its structure."""

    source: Source
    metadata: Metadata
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    tables: tuple[Table, ...]
    furniture: tuple[Furniture, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What offsets refer to."""
        return self.source.text


class Measured(StrEnum):
    """What a figure is: money or a count that was, is meant to be, or is thought to become."""

    OUTCOME = "utfall"
    BUDGET = "budget"
    FORECAST = "prognos"
    DEVIATION = "avvikelse"
    ACCOUNTS = "bokslut"
    TARGET = "målvärde"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its measure, unit and period, and where it stands.

    Attributes:
        source: The report.
        span: The cell, or the amount in a sentence.
        row: The row, or the sentence.
        measure: What is measured: the row's label; with the table's heading before it where the label alone
            says nothing (``Praktiska verksamheter › Intäkter``).
        value: In ``unit``.
        unit: ``kr``, ``tkr``, ``mnkr``, ``%``, ``antal`` ...; empty where none could be read.
        period: What it is for; of a forecast the period that is forecast.
        period_label: The period in Swedish.
        measured: Outcome, budget, forecast ...; ``OTHER`` where neither column, caption nor row tells.
        sex: ``kvinnor`` or ``män``.
        section: Heading path.
        row_label: The labels of the row, as they are shown.
        column_label: The headers of the column, as they are shown.
        caption: What stands over the table.
        unit_source: Where the unit was read, see :class:`Unit`.
        against: Of a deviation: that of a forecast or that of an outcome.
        aspect: What the column says beside period, unit, sex and kind: ``UAF``, ``Riket``, ``Utgifter``.
        as_of: Of a forecast: when it was made.
        part: 0, or the place from 1 where a cell holds several numbers (``1,7/6,3``).
        investment: True in a table of investments; a cost of the same name is another thing.
    """

    source: str
    span: Span
    row: Span
    measure: str
    value: float
    unit: str
    period: Period | None
    period_label: str
    measured: Measured
    sex: str = ""
    section: tuple[str, ...] = ()
    row_label: str = ""
    column_label: str = ""
    caption: str = ""
    unit_source: str = ""
    against: Measured = Measured.OTHER
    aspect: str = ""
    as_of: Period | None = None
    part: int = 0
    investment: bool = False


class QuestionKind(StrEnum):
    """What is asked for."""

    WHY = "why"
    HOW_MUCH = "how_much"
    WHO = "who"
    WHEN = "when"
    WHICH = "which"
    STATUS = "status"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    DEVELOPMENT = "development"
    OTHER = "other"


class Reason(StrEnum):
    """Why there is no answer."""

    UNKNOWN_MUNICIPALITY = "unknown_municipality"
    UNKNOWN_BOARD = "unknown_board"
    UNKNOWN_YEAR = "unknown_year"
    NOT_A_QUESTION = "not_a_question"
    OPINION = "opinion"
    PERSONAL = "personal"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_EVIDENCE = "no_evidence"


class EntryKind(StrEnum):
    """What a hit is."""

    PASSAGE = "passage"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Box:
    """Where on a page something stands; points from the top left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Highlight:
    """The words inside a hit that answer.

    ``beside`` tells that they are lit for the amount, date or name that the sentences chosen lack: how sure
    an answer is, is judged by those.
    """

    span: Span
    text: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """A cell that answers, with the labels that say what it is."""

    row: str
    column: str
    value: str
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A report's metadata as plain values, as a hit shows it."""

    title: str = ""
    municipality: str = ""
    board: str = ""
    kind: str = ""
    period: str = ""
    year: int | None = None
    date: str = ""
    reference: str = ""
    uncertain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """Where a report says why a row is as it is, and the words that do."""

    source: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage or row with its score and its highlights.

    ``explanation`` is where the report says why a row is as it is, for the first rows of an answer.
    ``versions`` is where older versions of the report say it. ``version_of`` names the newest version, where
    only an older one says it.
    """

    rank: int
    score: float
    kind: EntryKind
    source: str
    report: ReportInfo
    section: tuple[str, ...]
    span: Span
    text: str
    highlights: tuple[Highlight, ...] = ()
    cells: tuple[CellAnswer, ...] = ()
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    elsewhere: tuple[tuple[str, Span], ...] = ()
    explanation: Explained | None = None
    versions: tuple[tuple[str, Span], ...] = ()
    version_of: str = ""


@dataclass(frozen=True, slots=True)
class QuotedNumber:
    """A number quoted out of a report, as a term of a calculation or one side of a disagreement.

    Attributes:
        source: The report.
        span: The cell, or the amount in a sentence.
        text: What stands there.
        value: The number, in ``unit``.
        unit: Empty where none could be read.
        label: What it is: labels of row and column, or the measure of a sentence.
        name: What tells it from the other term of a calculation: ``Bokslut 2022``.
    """

    source: str
    span: Span
    text: str
    value: float
    unit: str
    label: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calculation:
    """What two quoted numbers differ by.

    Attributes:
        kind: ``difference``.
        terms: The number that is taken from, and the one that is taken away.
        result: In ``unit``.
        unit: ``procentenheter`` where both are shares.
        text: The sum with its terms and what it is of, in Swedish.
        what: What it is of: the row.
        written: The result as it is written, with unit and, of a change, per cent.
    """

    kind: str
    terms: tuple[QuotedNumber, QuotedNumber]
    result: float
    unit: str
    text: str
    what: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Places that give different numbers for one figure, the one in the first hit first."""

    text: str
    cells: tuple[QuotedNumber, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the hits are limited to. Empty: not limited."""

    municipality: str | None = None
    board: str | None = None
    years: tuple[int, ...] = ()
    kind: str | None = None


class Limiting(StrEnum):
    """What the words of a question may limit the hits to."""

    MUNICIPALITY = "municipality"
    BOARD = "board"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits with highlights for one question, or the reason why there is none.

    ``confidence`` is a probability between 0 and 1 that the first hits answer. ``text`` is put together from
    highlights and cells only. ``message`` is what to tell the asker where there is no answer.
    ``filters`` is what the question named; ``set_aside``, what it named and was not limited to on wish.
    """

    question: str
    standalone: str
    language: str
    kind: QuestionKind
    found: bool
    confidence: float
    reason: Reason | None
    message: str | None
    text: str
    elapsed_ms: float
    filters: Filters = field(default_factory=Filters)
    hits: tuple[Hit, ...] = ()
    spelling: tuple[tuple[str, str], ...] = ()
    set_aside: Filters = field(default_factory=Filters)
    calculation: Calculation | None = None
    disagreement: Disagreement | None = None
