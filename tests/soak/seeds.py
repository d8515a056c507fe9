"""Files to mutate: small ones of every format, so that a hundred thousand can be read, and real ones."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from made import BODY, Made
from making import docx, ods, odt, p, tc

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared/reports"
REAL_BYTES_MAX = 100_000
WORDS = "Kostnaden för placeringar ökade med 2,3 mnkr därför att fler barn placerades i familjehem."
TEXT = f"""Lindsjö kommun
Socialnämnden
Årsredovisning 2022
Dnr: SN 2023/0042

1 Sammanfattning

{WORDS} Nämnden redovisar ett underskott.

Tabell 1. Utfall, tkr
Verksamhet\tBudget 2022\tBokslut 2022
Placeringar barn\t47 620\t52 330
\tvarav HVB\t-1 200
Summa\t66 520\t69 780

2.1 Mål

- Antalet elever är 1 234 (2021: 1 199).
• Sjukfrånvaron var 8,4 procent.
"""
MARKDOWN = f"""# Åsbro kommun
## Delårsrapport augusti 2023

| Mått | 2022 | 2023 |
|:---|---:|---:|
| Sjukfrånvaro, % | 8,4 | 7,9 |
| **Nöjda** | 71 | – |

{WORDS}

1. Först
   * Sedan
"""
HTML = f"""<!doctype html><html><head><title>Norrvika</title></head><body><h1>Norrvika kommun</h1>
<p>{WORDS}</p><table><caption>Utfall</caption><tr><th rowspan="2">Mått</th><th colspan="2">Tkr</th></tr>
<tr><th>2021</th><th>2022</th></tr>
<tr><td>Skolskjuts</td><td>6 200</td><td>6&nbsp;400</td></tr></table><ul><li>Ett<li>Två</ul>
<h2>Mål</h2><p>Nytt avtal.</body></html>"""

Seed = tuple[str, bytes, float]
"""Name, bytes, and how often it is taken."""


def seeds(_folder: Path) -> list[Seed]:
    """Return what is mutated: small files mostly, now and then a real one."""
    small: list[Seed] = [
        ("text.txt", TEXT.encode(), 24),
        ("latin.txt", TEXT.replace("\u2022", "-").encode("cp1252"), 3),
        ("wide.txt", TEXT.encode("utf-16"), 3),
        ("mark.md", MARKDOWN.encode(), 14),
        ("page.html", HTML.encode(), 14),
        ("word.docx", _docx(), 10),
        ("text.odt", _odt(), 8),
        ("sheet.ods", _ods(), 6),
        ("book.xlsx", _xlsx(), 8),
        ("page.pdf", _pdf(), 9),
    ]
    found = sorted([*ROOT.glob("corpus/*/*"), *SHARED.glob("*/*")])
    real = [path for path in found if path.is_file() and path.stat().st_size <= REAL_BYTES_MAX]
    return small + [(path.name, path.read_bytes(), 1 / len(real)) for path in real]


def _docx() -> bytes:
    table = f"<w:tbl><w:tr>{tc('Mått')}{tc('2022')}</w:tr><w:tr>{tc('Elever')}{tc('1 234')}</w:tr></w:tbl>"
    styles = '<w:style w:styleId="R1"><w:name w:val="heading 1"/></w:style>'
    return docx(p("Lindsjö kommun", "R1") + p(WORDS) + table + p("Mål", "R1") + p(WORDS), styles=styles)


def _odt() -> bytes:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    cells = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>"
        for row in (("Mått", "2022"), ("Elever", "1 234"))
    )
    heading = '<text:h text:outline-level="1">Lindsjö kommun</text:h>'
    return odt(f'{heading}<text:p>{WORDS}</text:p><table:table table:name="T">{cells}</table:table>')


def _ods() -> bytes:
    rows = "".join(
        "<table:table-row>"
        f'<table:table-cell office:value-type="string"><text:p>{label}</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
        '</table:table-cell><table:table-cell table:number-columns-repeated="3"/></table:table-row>'
        for label, value in (("Mått", "2022"), ("Elever", "1234"), ("Lärare", "98.5"))
    )
    return ods(f'<table:table table:name="Blad1">{rows}</table:table>')


def _xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in (("Lindsjö kommun",), ("Mått", "2021", "2022"), ("Elever", 1234, 1250.5), ("Andel", 0.25)):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _pdf() -> bytes:
    page = Made(title="Lindsjö kommun")
    page.text(60, 760, "Lindsjö kommun", 16, bold=True)
    for line, words in enumerate(BODY):
        page.text(60, 700 - 16 * line, words)
    for line, row in enumerate((("Verksamhet", "2021", "2022"), ("Skolskjuts", "6 200", "6 400"))):
        for column, words in enumerate(row):
            page.text(60 + 150 * column, 600 - 16 * line, words)
    page.canvas.setPageCompression(0)
    return page.data()
