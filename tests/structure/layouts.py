"""Sources with a layout, written as short lists: what a reader of documents would give."""

from rapportsvar.model import Grid, GridCell, HeadingMark, Layout, Page, Source, Span


class Sheet:
    """Writes a text and remembers what stands where."""

    def __init__(self):
        self.text = ""
        self.headings, self.grids, self.furniture, self.breaks = [], [], [], []

    def heading(self, words, level=1):
        self.headings.append(HeadingMark(self._add(words), level))
        return self

    def prose(self, words):
        self._add(words)
        return self

    def edge(self, words):
        self.furniture.append(self._add(words))
        return self

    def page(self):
        self.breaks.append(len(self.text))
        return self

    def grid(self, rows, caption=None):
        """Rows of cells: a string, None where a merged cell covers, or (words, down, right[, header])."""
        start, cells, lines = len(self.text), [], []
        at = start
        for number, row in enumerate(rows):
            words = []
            for column, cell in enumerate(row):
                parts = cell if isinstance(cell, tuple) else (cell or "", 1, 1)
                if cell is not None:
                    cells.append(_cell(at, parts, number, column))
                words.append(parts[0])
                at += len(parts[0]) + 1
            lines.append("\t".join(words))
        span = self._add("\n".join(lines))
        width = max(map(len, rows))
        self.grids.append(Grid(span, tuple(cells), len(rows), width, caption))
        return self

    def source(self, name="rapport.pdf", properties=()):
        starts = [0, *self.breaks]
        ends = [*self.breaks, len(self.text)]
        pages = tuple(
            Page(number, Span(start, end))
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
        )
        layout = Layout(tuple(self.headings), tuple(self.grids), tuple(self.furniture))
        return Source(
            name, self.text, "0" * 64, pages if self.breaks else (), layout=layout, properties=properties
        )

    def _add(self, words):
        span = Span(len(self.text), len(self.text) + len(words))
        self.text += words + "\n\n"
        return span


def _cell(at, parts, row, column):
    words, down, right, *header = parts
    return GridCell(Span(at, at + len(words)), row, column, down, right, header=bool(header and header[0]))
