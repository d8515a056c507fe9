"""A page as a picture."""

from __future__ import annotations

import io

from rapportsvar.reading.pdf.opening import open_pdf

MOST_PIXELS = 40_000_000
"""A larger picture is drawn smaller: some pages are plans of a metre."""


def page_png(data: bytes, name: str, page: int, scale: float) -> bytes:
    """Draw a page.

    Args:
        data: The file.
        name: Its name, for messages.
        page: From 1.
        scale: Pixels a point; 1 is 72 pixels an inch.

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
        picture = sheet.render(scale=min(scale, most)).to_pil()
        sheet.close()
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
