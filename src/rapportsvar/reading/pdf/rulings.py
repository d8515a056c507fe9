"""Lines, rules and shaded rectangles of a page: what tables are drawn with."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from rapportsvar.reading.pdf.calls import address_of, by_address
from rapportsvar.reading.pdf.words import Frame

_THIN = 2.6
_SHORT = 4.0
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 400
_MOST_DEPTH = 3
_WHITE = 250
_KINDS = frozenset((raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE))

_page_object = by_address(raw.FPDFPage_GetObject)
_form_object = by_address(raw.FPDFFormObj_GetObject)
_page_count = by_address(raw.FPDFPage_CountObjects)
_form_count = by_address(raw.FPDFFormObj_CountObjects)
_kind = by_address(raw.FPDFPageObj_GetType)
_bounds_of = by_address(raw.FPDFPageObj_GetBounds)
_matrix_of = by_address(raw.FPDFPageObj_GetMatrix)
_fill_of = by_address(raw.FPDFPageObj_GetFillColor)
_mode_of = by_address(raw.FPDFPath_GetDrawMode)
_segments = by_address(raw.FPDFPath_CountSegments)
_segment = by_address(raw.FPDFPath_GetPathSegment)
_segment_kind = by_address(raw.FPDFPathSegment_GetType)
_segment_point = by_address(raw.FPDFPathSegment_GetPoint)
_segment_closes = by_address(raw.FPDFPathSegment_GetClose)


class Bar(NamedTuple):
    """A horizontal or vertical stroke: at ``at``, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


class Shade(NamedTuple):
    """A filled rectangle, and its colour."""

    x0: float
    y0: float
    x1: float
    y1: float
    ink: int = 0


@dataclass(slots=True)
class Rulings:
    """What is drawn on a page.

    Attributes:
        level: Horizontal strokes.
        upright: Vertical strokes.
        shades: Filled rectangles that are neither white nor the ground of the page.
        pictured: Share of the page that pictures cover.
        curves: How many paths are neither rectangle nor stroke: a diagram has many.
        cut_short: More was drawn than was looked at.
    """

    level: list[Bar] = field(default_factory=list)
    upright: list[Bar] = field(default_factory=list)
    shades: list[Shade] = field(default_factory=list)
    pictured: float = 0.0
    curves: int = 0
    cut_short: bool = False


class _Matrix(NamedTuple):
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def times(self, inner: raw.FS_MATRIX) -> _Matrix:
        """Return the matrix that goes through ``inner`` first."""
        return _Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            *self.point(inner.e, inner.f),
        )


_WHOLE = _Matrix()


def read_rulings(page: Any, frame: Frame) -> Rulings:  # noqa: ANN401
    """Return what is drawn on a page of PDFium."""
    return _Drawing(frame).read(address_of(page.raw))


class _Drawing:
    """Reads what is drawn on one page; what PDFium tells is written where it was before."""

    def __init__(self, frame: Frame) -> None:
        self.found = Rulings()
        self._frame = frame
        self._area = max((frame.right - frame.left) * (frame.top - frame.bottom), 1.0)
        self._numbers = (ctypes.c_float * 4)()
        self._counts = (ctypes.c_uint * 4)()
        self._matrix = raw.FS_MATRIX()
        self._numbers_at = _places(self._numbers)
        self._counts_at = _places(self._counts)
        self._mode_at = self._counts_at[:2]
        self._matrix_at = ctypes.addressof(self._matrix)

    def read(self, page: int) -> Rulings:
        for count, (thing, kind, matrix) in enumerate(self._objects(page)):
            if count > _MOST_OBJECTS:
                self.found.cut_short = True
                break
            box = self._bounds(thing, matrix)
            if box is None:
                continue
            if kind == raw.FPDF_PAGEOBJ_IMAGE:
                covered = max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
                self.found.pictured += covered / self._area
            else:
                self._add_path(thing, box, matrix)
        return self.found

    def _objects(self, page: int) -> Iterator[tuple[int, int, _Matrix]]:
        """Yield paths and pictures, those inside forms as well."""
        for number in range(_page_count(page)):
            thing = _page_object(page, number)
            kind = _kind(thing)
            if kind in _KINDS:
                yield thing, kind, _WHOLE
            elif kind == raw.FPDF_PAGEOBJ_FORM:
                yield from self._inside(thing, _WHOLE, 1)

    def _inside(self, form: int, matrix: _Matrix, depth: int) -> Iterator[tuple[int, int, _Matrix]]:
        _matrix_of(form, self._matrix_at)
        inner = matrix.times(self._matrix)
        for number in range(_form_count(form)):
            thing = _form_object(form, number)
            kind = _kind(thing)
            if kind in _KINDS:
                yield thing, kind, inner
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MOST_DEPTH:
                yield from self._inside(thing, inner, depth + 1)

    def _bounds(self, thing: int, matrix: _Matrix) -> tuple[float, float, float, float] | None:
        if not _bounds_of(thing, *self._numbers_at):
            return None
        left, bottom, right, top = self._numbers[:]
        if matrix is not _WHOLE:
            xs, ys = zip(*(matrix.point(x, y) for x in (left, right) for y in (bottom, top)), strict=True)
            left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
        x0, y0, x1, y1 = self._frame.box(left, bottom, right, top)
        return (x0, y0, x1, y1) if x1 >= x0 and y1 >= y0 else None

    def _add_path(self, thing: int, box: tuple[float, float, float, float], matrix: _Matrix) -> None:
        _mode_of(thing, *self._mode_at)
        fill, stroke = self._counts[:2]
        if not fill and not stroke:
            return
        x0, y0, x1, y1 = box
        width, height = x1 - x0, y1 - y0
        if height <= _THIN < width or width <= _THIN < height:
            self._add_bar(box)
            return
        segments = _segments(thing)
        if fill and segments <= 6:
            ink = self._ink(thing)
            if width > _SHORT and height > _SHORT and width * height < 0.6 * self._area and ink is not None:
                self.found.shades.append(Shade(*box, ink))
        elif segments > _MOST_SEGMENTS or not stroke:
            self.found.curves += 1
        if stroke and segments <= _MOST_SEGMENTS:
            self._add_strokes(thing, segments, matrix)

    def _add_bar(self, box: tuple[float, float, float, float]) -> None:
        x0, y0, x1, y1 = box
        if x1 - x0 >= y1 - y0:
            if x1 - x0 > _SHORT:
                self.found.level.append(Bar((y0 + y1) / 2, x0, x1))
        elif y1 - y0 > _SHORT:
            self.found.upright.append(Bar((x0 + x1) / 2, y0, y1))

    def _ink(self, thing: int) -> int | None:
        """Return the colour that a path is filled with; None where it is white or clear."""
        if not _fill_of(thing, *self._counts_at):
            return 0
        red, green, blue, alpha = self._counts[:]
        return None if alpha < 8 or min(red, green, blue) >= _WHITE else red << 16 | green << 8 | blue

    def _add_strokes(self, thing: int, segments: int, matrix: _Matrix) -> None:
        """Add the straight parts of a stroked path that run level or upright."""
        _matrix_of(thing, self._matrix_at)
        whole = matrix.times(self._matrix)
        start = last = (0.0, 0.0)
        slanted = 0
        for place in range(segments):
            segment = _segment(thing, place)
            _segment_point(segment, *self._numbers_at[:2])
            kind = _segment_kind(segment)
            at = whole.point(self._numbers[0], self._numbers[1])
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = at
            elif kind == raw.FPDF_SEGMENT_LINETO:
                slanted += not self._add_line(last, at)
            else:
                slanted += 1
            if _segment_closes(segment):
                self._add_line(at, start)
            last = at
        self.found.curves += slanted > 0

    def _add_line(self, one: tuple[float, float], other: tuple[float, float]) -> bool:
        left, right = sorted((one[0], other[0]))
        bottom, top = sorted((one[1], other[1]))
        if right - left > _THIN and top - bottom > _THIN:
            return False
        self._add_bar(self._frame.box(left, bottom, right, top))
        return True


def _places(array: ctypes.Array[Any]) -> tuple[int, ...]:
    """Return the address of each number of an array."""
    start, step = ctypes.addressof(array), ctypes.sizeof(array) // len(array)
    return tuple(range(start, start + step * len(array), step))
