"""Opening a PDF, and what can be wrong with it. PDFium is not made for threads: one lock holds for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from rapportsvar.errors import EncryptedReport, NotText

PDFIUM = threading.RLock()
"""Held by whoever calls PDFium."""

_HEADER_WITHIN = 1024
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<head")


@contextmanager
def open_pdf(data: bytes, name: str) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF and hold PDFium until it is closed.

    Raises:
        NotText: The bytes are no PDF, or one so damaged that it cannot be opened.
        EncryptedReport: It wants a password.
    """
    head = data[:_HEADER_WITHIN].lstrip().lower()
    if b"%pdf-" not in head:
        what = "Filen är en webbsida, ingen PDF" if head.startswith(_MARKUP) else "Filen är ingen PDF"
        raise NotText(what, where=name, todo="Hämta rapporten på nytt och kontrollera att den går att öppna.")
    with PDFIUM:
        document = _open(data, name)
        try:
            yield document
        finally:
            document.close()


def _open(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        if len(document):
            return document
        document.close()
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise EncryptedReport(
                "Filen är skyddad med lösenord", where=name, todo="Spara den utan lösenord och försök igen."
            ) from error
        raise NotText(
            "Filen är en skadad PDF", where=name, todo="Hämta den på nytt eller spara om den som PDF."
        ) from error
    raise NotText("Filen är en PDF utan sidor", where=name, todo="Hämta den på nytt eller spara om den.")
