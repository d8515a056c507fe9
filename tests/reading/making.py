"""Small files of each format, made of their XML: nothing but what a test is about stands in them."""

from __future__ import annotations

import io
import zipfile

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
    )
)
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in parts.items():
            package.writestr(path, content)
    return stream.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """A Word document; ``parts`` are the insides of styles, numbering, footnotes, comments."""
    made = {"word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>"}
    for name, inner in parts.items():
        made[f"word/{name}.xml"] = f"<w:{name} {WORD}>{inner}</w:{name}>"
    return packed(made)


def p(words: str, style: str = "", inside: str = "") -> str:
    chosen = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{chosen}{inside}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def tc(words: str, inside: str = "") -> str:
    return f"<w:tc><w:tcPr>{inside}</w:tcPr>{p(words)}</w:tc>"


def odt(body: str, styles: str = "", document_styles: str = "") -> bytes:
    return packed(
        {
            "content.xml": f"<office:document-content {OFFICE}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {OFFICE}><office:styles>{document_styles}</office:styles>"
            "</office:document-styles>",
        }
    )


def ods(tables: str, styles: str = "") -> bytes:
    return packed(
        {
            "content.xml": f"<office:document-content {OFFICE}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
            "</office:body></office:document-content>"
        }
    )


def rows_of(source, grid):
    """The words of a grid by its cells, a list a row, None where a merged cell covers a place."""
    table = [[None] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        table[cell.row][cell.column] = cell.span.of(source.text)
    return table
