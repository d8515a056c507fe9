"""Lines, rules and shaded rectangles of a page: what tables are drawn with."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from rapportsvar.reading.pdf.words import Frame

_THIN = 2.6
_SHORT = 4.0
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 400
_MOST_DEPTH = 3
_WHITE = 250


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


def read_rulings(page: Any, frame: Frame) -> Rulings:  # noqa: ANN401
    """Return what is drawn on a page of PDFium."""
    found = Rulings()
    area = max((frame.right - frame.left) * (frame.top - frame.bottom), 1.0)
    for count, (thing, kind, matrix) in enumerate(_objects(page.raw)):
        if count > _MOST_OBJECTS:
            found.cut_short = True
            break
        box = _bounds(thing, matrix, frame)
        if box is None:
            continue
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            found.pictured += max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1]) / area
        else:
            _add_path(thing, box, matrix, frame, found, area)
    return found


def _objects(page: Any) -> Iterator[tuple[Any, int, _Matrix]]:  # noqa: ANN401
    """Yield paths and pictures, those inside forms as well."""
    first = [(raw.FPDFPage_GetObject(page, n), _Matrix(), 0) for n in range(raw.FPDFPage_CountObjects(page))]
    stack = first[::-1]
    while stack:
        thing, matrix, depth = stack.pop()
        kind = raw.FPDFPageObj_GetType(thing)
        if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            yield thing, kind, matrix
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MOST_DEPTH:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(own))
            inner = matrix.times(own)
            count = raw.FPDFFormObj_CountObjects(thing)
            stack += [(raw.FPDFFormObj_GetObject(thing, n), inner, depth + 1) for n in range(count)][::-1]


def _bounds(thing: Any, matrix: _Matrix, frame: Frame) -> tuple[float, float, float, float] | None:  # noqa: ANN401
    edges = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, edges)):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    if matrix != _Matrix():
        xs, ys = zip(*(matrix.point(x, y) for x in (left, right) for y in (bottom, top)), strict=True)
        left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
    x0, y0, x1, y1 = frame.box(left, bottom, right, top)
    return (x0, y0, x1, y1) if x1 >= x0 and y1 >= y0 else None


def _add_path(
    thing: Any,  # noqa: ANN401
    box: tuple[float, float, float, float],
    matrix: _Matrix,
    frame: Frame,
    found: Rulings,
    area: float,
) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    if height <= _THIN < width or width <= _THIN < height:
        _add_bar(box, found)
        return
    segments = raw.FPDFPath_CountSegments(thing)
    if fill.value and segments <= 6:
        ink = _ink(thing)
        if width > _SHORT and height > _SHORT and width * height < 0.6 * area and ink is not None:
            found.shades.append(Shade(*box, ink))
    elif segments > _MOST_SEGMENTS or not stroke.value:
        found.curves += 1
    if stroke.value and segments <= _MOST_SEGMENTS:
        _add_strokes(thing, segments, matrix, frame, found)


def _add_bar(box: tuple[float, float, float, float], found: Rulings) -> None:
    x0, y0, x1, y1 = box
    if x1 - x0 >= y1 - y0:
        if x1 - x0 > _SHORT:
            found.level.append(Bar((y0 + y1) / 2, x0, x1))
    elif y1 - y0 > _SHORT:
        found.upright.append(Bar((x0 + x1) / 2, y0, y1))


def _ink(thing: Any) -> int | None:  # noqa: ANN401
    """Return the colour that a path is filled with; None where it is white or clear."""
    shades = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(thing, *map(ctypes.byref, shades)):
        return 0
    red, green, blue, alpha = (int(shade.value) for shade in shades)
    return None if alpha < 8 or min(red, green, blue) >= _WHITE else red << 16 | green << 8 | blue


def _add_strokes(thing: Any, segments: int, matrix: _Matrix, frame: Frame, found: Rulings) -> None:  # noqa: ANN401
    """Add the straight parts of a stroked path that run level or upright."""
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(own))
    whole = matrix.times(own)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    slanted = 0
    for place in range(segments):
        segment = raw.FPDFPath_GetPathSegment(thing, place)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = raw.FPDFPathSegment_GetType(segment)
        at = whole.point(x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = at
        elif kind == raw.FPDF_SEGMENT_LINETO:
            slanted += not _add_line(last, at, frame, found)
        else:
            slanted += 1
        if raw.FPDFPathSegment_GetClose(segment):
            _add_line(at, start, frame, found)
        last = at
    found.curves += slanted > 0


def _add_line(one: tuple[float, float], other: tuple[float, float], frame: Frame, found: Rulings) -> bool:
    left, right = sorted((one[0], other[0]))
    bottom, top = sorted((one[1], other[1]))
    if right - left > _THIN and top - bottom > _THIN:
        return False
    _add_bar(frame.box(left, bottom, right, top), found)
    return True
