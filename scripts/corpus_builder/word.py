"""Makes a DOCX: styles, contents, running head and foot, tables with merged cells, footnotes."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from corpus_builder import source
from corpus_builder.archive import settle
from corpus_builder.source import Document

_INLINE = re.compile(r"(\[\^\w+\]|\*\*.+?\*\*)")
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_docx(document: Document) -> bytes:
    """Return the bytes of the DOCX; the same on every run."""
    writer = _Writer(document)
    writer.write()
    stream = io.BytesIO()
    writer.docx.save(stream)
    return settle(stream.getvalue())


class _Writer:
    """Writes one document, piece by piece."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.docx: Any = docx.Document()
        self.notes: list[str] = []
        normal = self.docx.styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(11)
        self.docx.core_properties.title = document.text("titel")
        self.docx.core_properties.author = document.text("avsandare")

    def write(self) -> None:
        self._frame()
        for line in self.document.lines("over"):
            self._text(line)
        self.docx.add_paragraph(self.document.text("titel"), style="Title")
        for line in self.document.lines("under"):
            self._text(line)
        if self.document.flag("innehall", True):
            self._contents()
        for piece in self.document.pieces:
            self._piece(piece)
        self._add_notes()

    def _frame(self) -> None:
        section = self.docx.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.header.paragraphs[0].text = "\t\t".join(self.document.lines("sidhuvud"))
        foot = section.footer.paragraphs[0]
        before, _, after = "\t\t".join(self.document.lines("sidfot")).partition("{sida}")
        foot.add_run(before)
        if after or "{sida}" in "".join(self.document.lines("sidfot")):
            _field(foot, "PAGE", "1")
            foot.add_run(after)

    def _contents(self) -> None:
        """Write the contents as Word does: a field whose last result stands in it."""
        styles = self.docx.styles
        self.docx.add_paragraph("Innehåll", style="TOC Heading" if "TOC Heading" in styles else "Heading 1")
        heads = [
            piece for piece in self.document.pieces if isinstance(piece, source.Heading) and piece.level < 3
        ]
        page = 2.0
        for at, head in enumerate(heads):
            name = f"toc {head.level}"
            if name not in styles:
                style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
                style.paragraph_format.left_indent = Cm(0.6 * (head.level - 1))
                style.paragraph_format.tab_stops.add_tab_stop(
                    Cm(15.5), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
                )
            line = self.docx.add_paragraph(style=name)
            if at == 0:
                _mark(line, "begin", r' TOC \o "1-2" \h \z \u ')
            line.add_run(f"{head.text}\t{int(page)}")
            if at == len(heads) - 1:
                _mark(line, "end")
            page += 0.55

    def _piece(self, piece: source.Piece) -> None:
        match piece:
            case source.Heading():
                self.docx.add_heading(piece.text, piece.level)
            case source.Paragraph():
                self._text(piece.text)
            case source.Listing():
                for item in piece.items:
                    self._text(item, "List Number" if piece.ordered else "List Bullet")
            case source.Table():
                self._table(piece)
            case source.Figure():
                self._text(piece.caption, "Caption")
            case source.Mark(what="sidbryt"):
                self.docx.add_page_break()
            case _:
                pass

    def _text(self, text: str, style: str | None = None) -> None:
        self._runs(self.docx.add_paragraph(style=style), text)

    def _runs(self, paragraph: Any, text: str, bold: bool = False) -> None:  # noqa: ANN401 - python-docx is untyped
        for part in _INLINE.split(text):
            if part.startswith("[^"):
                self._footnote(paragraph, part[2:-1])
            elif part:
                run = paragraph.add_run(part.removeprefix("**").removesuffix("**"))
                run.bold = True if bold or part.startswith("**") else None

    def _table(self, table: source.Table) -> None:
        if table.caption:
            self._text(table.caption, "Caption")
        grid = table.grid()
        made = self.docx.add_table(len(grid), table.width, style="Table Grid")
        for at, column, high, wide in table.spans():
            cell = made.cell(at, column)
            if high > 1 or wide > 1:
                cell = cell.merge(made.cell(at + high - 1, column + wide - 1))
            paragraph = cell.paragraphs[0]
            text = grid[at][column]
            self._runs(paragraph, text.removeprefix("> "), bold=table.rows[at].kind != "body")
            if text.startswith("> "):
                paragraph.paragraph_format.left_indent = Cm(0.5)
            if re.fullmatch(r"-?[\d ,]+[¹²³*]?", text):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for at in range(table.head):
            properties = made.rows[at]._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:tblHeader"))
        for note in table.notes:
            self._text(note)
        if not table.notes:
            self.docx.add_paragraph()

    def _footnote(self, paragraph: Any, mark: str) -> None:  # noqa: ANN401
        self.notes.append(self.document.footnotes[mark])
        run = paragraph.add_run()
        run.font.superscript = True
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(len(self.notes)))
        run._r.append(reference)

    def _add_notes(self) -> None:
        if not self.notes:
            return
        notes = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            "<w:footnoteRef/></w:r>"
            f'<w:r><w:t xml:space="preserve"> {escape(note)}</w:t></w:r></w:p></w:footnote>'
            for number, note in enumerate(self.notes, 1)
        )
        lines = "".join(
            f'<w:footnote w:type="{name}" w:id="{number}"><w:p><w:r><w:{name}/></w:r></w:p></w:footnote>'
            for number, name in ((-1, "separator"), (0, "continuationSeparator"))
        )
        blob = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<w:footnotes xmlns:w="{_SPACE}">{lines}{notes}</w:footnotes>'
        )
        part = Part(PackURI("/word/footnotes.xml"), _NOTES_TYPE, blob.encode(), self.docx.part.package)
        self.docx.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _mark(paragraph: Any, kind: str, instruction: str = "") -> None:  # noqa: ANN401
    """Open or close a field in a paragraph."""
    for what in ("begin", "separate") if kind == "begin" else ("end",):
        character = OxmlElement("w:fldChar")
        character.set(qn("w:fldCharType"), what)
        paragraph.add_run()._r.append(character)
        if what == "begin":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = instruction
            paragraph.add_run()._r.append(code)


def _field(paragraph: Any, instruction: str, shown: str) -> None:  # noqa: ANN401
    _mark(paragraph, "begin", f" {instruction} ")
    paragraph.add_run(shown)
    _mark(paragraph, "end")
