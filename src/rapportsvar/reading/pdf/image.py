"""A page as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import ImageDraw

from rapportsvar.model import Box
from rapportsvar.reading.pdf.opening import open_pdf

COVER_POINTS = 1.0
MOST_PIXELS = 40_000_000
"""A larger picture is drawn smaller: some pages are plans of a metre."""


def page_png(data: bytes, name: str, page: int, scale: float, covered: Sequence[Box] = ()) -> bytes:
    """Draw a page.

    Args:
        data: The file.
        name: Its name, for messages.
        page: From 1.
        scale: Pixels a point; 1 is 72 pixels an inch.
        covered: Parts of the page that are not to be seen.

    Raises:
        NotText: The file is no PDF.
        EncryptedReport: It wants a password.
        IndexError: There is no such page.
    """
    with open_pdf(data, name) as document:
        if not 1 <= page <= len(document):
            raise IndexError(f"{name} has {len(document)} pages, not {page}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        most = (MOST_PIXELS / max(width * height, 1.0)) ** 0.5
        drawn_at = min(scale, most)
        picture = sheet.render(scale=drawn_at).to_pil()
        sheet.close()
    pen = ImageDraw.Draw(picture)
    for box in covered:
        edges = (box.x0 - COVER_POINTS, box.y0 - COVER_POINTS, box.x1 + COVER_POINTS, box.y1 + COVER_POINTS)
        pen.rectangle([edge * drawn_at for edge in edges], fill="black")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
