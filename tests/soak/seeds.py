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

RICH_HTML = f"""<html lang=sv><head><meta charset=utf-8><title>Å</title>
<style>.d{{display:none}}</style></head>
<body><nav><a href=#a>Meny</a></nav><main><h1 id=a>Åsbro kommun</h1><ol start=3 type=a><li>Ett<ol><li>Två</ol>
<li value=9>Tre</ol><dl><dt>Ord<dd>{WORDS}</dl><p style="display:none">Dold<p hidden>Dold<blockquote>{WORDS}
</blockquote><pre>Mått\t2022\nElever\t1 234</pre><table><colgroup span=2><thead><tr><th scope=col>Mått
<th colspan=2>Tkr<tbody><tr><th rowspan=0>Elever<td>1 234<td>1,5 %
<tr><td><table><tr><td>i<td>1</table><td>(200)
<tfoot><tr><th>Summa<td>-1<td>&minus;2</table>
<details><summary>Mer</summary>A<br>B<sup>1</sup></details><img alt="Diagram"><hr>
<div role=table><div role=row><span role=cell>1</span></div></div></main><script>1</script></body></html>"""

Seed = tuple[str, bytes, float]
"""Name, bytes, and how often it is taken."""


def seeds(_folder: Path) -> list[Seed]:
    """Return what is mutated: small files mostly, now and then a real one."""
    small: list[Seed] = [
        ("text.txt", TEXT.encode(), 24),
        ("latin.txt", TEXT.replace("\u2022", "-").encode("cp1252"), 3),
        ("wide.txt", TEXT.encode("utf-16"), 3),
        ("mark.md", MARKDOWN.encode(), 14),
        ("page.html", HTML.encode(), 9),
        ("rich.html", RICH_HTML.encode(), 7),
        ("word.docx", _docx(), 6),
        ("rich.docx", _rich_docx(), 8),
        ("text.odt", _odt(), 4),
        ("rich.odt", _rich_odt(), 6),
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


def _rich_docx() -> bytes:
    """Lists, notes, boxes, revisions, merged and nested tables."""
    numbered = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'.format
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="%{depth + 1}."/></w:lvl>'
        for depth, form in enumerate(("decimal", "lowerLetter", "upperRoman"))
    )
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
        '<w:style w:styleId="R1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="R2"><w:name w:val="Min"/><w:basedOn w:val="R1"/><w:pPr><w:outlineLvl w:val="1"/>'
        f"{numbered(1)}</w:pPr></w:style>"
    )
    nested = f"<w:tbl><w:tr>{tc('i')}{tc('1')}</w:tr></w:tbl>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{tc('B')}{tc('2')}</w:tr>"
    restart, two = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    table = (
        '<w:tbl><w:tblGrid><w:gridCol w:w="900"/><w:gridCol w:w="900"/><w:gridCol w:w="900"/></w:tblGrid>'
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{tc('Område', restart)}{tc('Tkr', two)}</w:tr>"
        f"<w:tr>{tc('', '<w:vMerge/>')}{tc('Budget 2022')}{tc('Utfall 2022')}</w:tr>{gone}"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc>{p('Se')}{nested}</w:tc>{tc('-1 200')}</w:tr>"
        "</w:tbl>"
    )
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'.format
    box = f"<w:r><w:pict><w:txbxContent>{p('I rutan.')}{table}</w:txbxContent></w:pict></w:r>"
    changed = f"<w:ins>{run('nya ')}</w:ins><w:del><w:r><w:delText>gamla</w:delText></w:r></w:del>"
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    page = "<w:r><w:instrText> PAGE </w:instrText></w:r>"
    fields = f"{field('begin')}{page}{field('separate')}{run('3')}{field('end')}"
    link = f"<w:hyperlink>{run('länk')}</w:hyperlink><w:r><w:br/><w:tab/></w:r>"
    body = (
        p("Lindsjö kommun", "R1")
        + p("Mål", "R2")
        + p("Ett", inside=numbered(0))
        + p("Två", inside=numbered(2))
        + f"<w:p>{run(WORDS)}{changed}{note}{fields}{link}</w:p>"
        + f"<w:p><w:bookmarkStart w:id='1'/>{box}</w:p>"
        + f"<w:sdt><w:sdtContent>{p('Innehåll')}</w:sdtContent></w:sdt>"
        + p("Tabell 1. Utfall, tkr")
        + table
    )
    return docx(
        body,
        styles=styles,
        numbering=numbering,
        footnotes=f'<w:footnote w:id="2">{p("Källa: SCB.")}</w:footnote>',
        comments=f"<w:comment>{p('Kolla')}</w:comment>",
    )


def _rich_odt() -> bytes:
    """Lists, notes, boxes, revisions, merged and repeated cells."""
    lists = (
        '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1"'
        ' style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a"/>'
        "</text:list-style>"
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="P1"/>'
    )
    item = "<text:list-item><text:p>{}</text:p>{}</text:list-item>".format
    inner = f"<text:list>{item('B', '')}</text:list>"
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>".format
    covered = "<table:covered-table-cell/>"
    head = cell('table:number-rows-spanned="2"', "Område") + cell('table:number-columns-spanned="2"', "Tkr")
    row = "<table:table-row>{}</table:table-row>".format
    many = 'table:number-columns-repeated="2" office:value-type="float" office:value="12"'
    table = (
        '<table:table table:name="T">'
        f"<table:table-header-rows>{row(head + covered)}</table:table-header-rows>"
        f"{row(covered + cell('', 'Budget') + cell('', 'Utfall'))}{row(cell('', 'Skola') + cell(many, '12'))}"
        f"</table:table>"
    )
    note = (
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Källa.</text:p></text:note-body>"
    )
    return odt(
        '<text:h text:outline-level="1">Lindsjö kommun</text:h>'
        f'<text:list text:style-name="N">{item("A", inner)}'
        f'{item("C", "")}</text:list><text:p>{WORDS}<text:s text:c="2"/>är<text:tab/><text:line-break/>'
        f"<text:note>{note}</text:note><text:span>slut</text:span></text:p>"
        "<text:tracked-changes><text:p>Borta</text:p></text:tracked-changes>"
        "<text:p><draw:frame><draw:text-box><text:p>I rutan.</text:p></draw:text-box></draw:frame></text:p>"
        f'<text:list text:style-name="N" text:continue-numbering="true">{item("D", "")}</text:list>'
        f'<text:p text:style-name="P1">Tabell 1. Utfall</text:p>{table}',
        styles=lists,
    )


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
