"""Hits as a Word document: quotes with their lit words marked, rows as tables, links to the place."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from rapportsvar.app import texts
from rapportsvar.app.citation import citation, place_line
from rapportsvar.app.export import Export, ExportedHit, ExportTable, GridCell, is_row, writable
from rapportsvar.app.swedish import counted, long_date

LIT = "FFE9A3"
LINK = RGBColor(0x0B, 0x5A, 0x6B)
SOFT = RGBColor(0x50, 0x59, 0x5D)
MARGIN = Cm(2.2)


def word_file(export: Export) -> bytes:
    """Return a document with all hits."""
    document = Document()
    _dress(document)
    document.core_properties.title = writable(export.asked)[:255]
    document.core_properties.author = texts.PRODUCT
    document.add_heading(writable(export.asked) or texts.PRODUCT, level=1)
    count = counted(len(export.hits), texts.PLACE_ONE, texts.PLACE_MANY)
    _soft(document.add_paragraph(texts.EXPORT_LEAD.format(count, long_date(export.today))))
    for number, one in enumerate(export.hits, 1):
        _add_hit(document, number, one, export)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _dress(document: Doc) -> None:
    for section in document.sections:
        section.left_margin = section.right_margin = MARGIN
        section.top_margin = section.bottom_margin = MARGIN
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "sv-SE")
    normal.element.get_or_add_rPr().append(language)
    for name, size in (("Heading 1", 20), ("Heading 2", 12)):
        font = document.styles[name].font
        font.name, font.size, font.color.rgb = "Calibri", Pt(size), RGBColor(0x1C, 0x21, 0x24)


def _add_hit(document: Doc, number: int, one: ExportedHit, export: Export) -> None:
    line = " · ".join(part for part in place_line(one.hit) if part)
    document.add_heading(f"{number}. {writable(line)}", level=2)
    if one.table and is_row(one):
        _add_table(document, one.table)
    else:
        _add_quote(document, one)
    _soft(document.add_paragraph(writable(citation(one.hit, export.today))))
    _add_link(document.add_paragraph(), texts.SHOW_IN_REPORT, one.address)


def _add_quote(document: Doc, one: ExportedHit) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.6)
    for piece in one.pieces:
        run = paragraph.add_run(piece.words)
        run.font.name, run.font.size = "Georgia", Pt(11.5)
        if piece.is_lit:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _add_table(document: Doc, table: ExportTable) -> None:
    title = " · ".join(filter(None, (table.caption, _unit(table))))
    if title:
        document.add_paragraph().add_run(title).bold = True
    lines = [*table.heads, *table.body]
    made = document.add_table(rows=len(lines), cols=max(map(len, lines)))
    made.style = "Table Grid"
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            _fill(made.cell(row, column), cell, is_head=row < len(table.heads))
    _repeat_heads(made, len(table.heads))
    document.add_paragraph()


def _unit(table: ExportTable) -> str:
    return f"{texts.UNIT}: {table.unit}" if table.unit and table.unit not in table.caption else ""


def _fill(place: _Cell, cell: GridCell, *, is_head: bool) -> None:
    paragraph = place.paragraphs[0]
    run = paragraph.add_run(cell.words)
    run.bold = is_head or cell.is_lit
    run.font.size = Pt(10)
    if cell.value is not None:
        paragraph.alignment = 2  # to the right
    if cell.is_lit:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", LIT)):
            shade.set(qn(f"w:{name}"), value)
        place._tc.get_or_add_tcPr().append(shade)


def _repeat_heads(table: Table, count: int) -> None:
    """Mark header rows, so that readers aloud say them and Word repeats them on the next page."""
    for row in table.rows[:count]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _soft(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9.5), SOFT


def _add_link(paragraph: Paragraph, words: str, address: str) -> None:
    """Add a link, which python-docx has none of; an address of an unknown server is written out."""
    if not address.startswith(("http://", "https://")):
        paragraph.add_run(f"{words}: {writable(address)}")
        return
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link: Any = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run = paragraph.add_run(words)
    run.font.underline, run.font.color.rgb = True, LINK
    link.append(run._r)
    paragraph._p.append(link)
