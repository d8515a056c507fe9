"""What somebody may write into a report, a question or a file's name, to have it run or loaded."""

from __future__ import annotations

import io

ELSEWHERE = "http://stolen.example"
PAYLOADS = {
    "script": "<script>window.stolen = 1</script>",
    "closing": "</p></td></style></textarea></script><script>window.stolen = 1</script>",
    "attribute": "\"><script>window.stolen=1</script>' onmouseover='window.stolen=1' x=\"",
    "handler": '<img src=x onerror="window.stolen = 1">',
    "vector": "<svg onload=window.stolen=1><animate onbegin=window.stolen=1 attributeName=x dur=1s></svg>",
    "details": "<details open ontoggle=window.stolen=1>mer</details>",
    "link": '<a href="javascript:window.stolen=1">klicka</a>',
    "entities": "&lt;script&gt;window.stolen=1&lt;/script&gt; &#60;img src=x onerror=window.stolen=1&#62;",
    "markdown": "[klicka](javascript:window.stolen=1) **fet** `kod` # rubrik",
    "picture": f"![bild]({ELSEWHERE}/bild.png)",
    "remote": f'<img src="{ELSEWHERE}/x.png"><iframe src="{ELSEWHERE}"></iframe>',
    "sheet": f'<link rel="stylesheet" href="{ELSEWHERE}/x.css"><style>@import "{ELSEWHERE}/y.css";</style>',
    "css": f'<b style="background:url({ELSEWHERE}/z.png);position:fixed;inset:0">täck</b>',
    "refresh": f'<meta http-equiv="refresh" content="0;url={ELSEWHERE}"><base href="{ELSEWHERE}/">',
    "form": f'<form action="{ELSEWHERE}"><input name=q><button>skicka</button></form>',
    "latex": "$$\\href{javascript:window.stolen=1}{x}$$ och $\\frac{1}{2}$",
    "directives": ":red[röd] :material/home: :smile: :streamlit:",
    "template": "{{constructor.constructor('window.stolen=1')()}} ${window.stolen=1} {0.__class__} %s%n",
    "formula": f'=HYPERLINK("{ELSEWHERE}","klicka")',
    "command": "+cmd|' /C calc'!A0 @SUM(1+1) -2+3",
    "semicolon": '";=1+1;"',
    "sql": "'; DROP TABLE reports; -- \" OR 1=1",
    "shell": "$(touch stolen) `touch stolen` ; touch stolen | touch stolen && touch stolen",
    "path": "../../../etc/passwd file:///etc/passwd",
    "direction": "\u202egnp.exe\u202c \u2066dold\u2069 \u200bspöke",
}
HEAD = ("Prövstads kommun", "Socialnämnden", "Årsredovisning 2022")
RUNS = "script, iframe, object, embed, meta, base, link, [onerror], [onload], [onmouseover], [ontoggle]"
"""What no text of a report may have become inside what the application draws."""


def sentence(name: str) -> str:
    """A sentence of a report that holds a payload."""
    return f"Farligheten {name} ökade eftersom {PAYLOADS[name]} skrevs i rapporten under hösten."


def markdown() -> bytes:
    """The hostile report as Markdown."""
    parts = [f"# Årsredovisning 2022 {PAYLOADS['handler']}", *HEAD]
    for name in PAYLOADS:
        parts += [f"## {name} {PAYLOADS[name]}", sentence(name)]
    rows = "\n".join(f"{payload}\t5{n}\t4{n}" for n, payload in enumerate(PAYLOADS.values()))
    parts += ["### Driftredovisning (tkr)", f"Verksamhet\tUtfall 2022\tBudget 2022\n{rows}"]
    return "\n\n".join(parts).encode()


def html() -> bytes:
    """The hostile report as HTML that a browser would run, and with every payload as text besides."""
    from html import escape

    raw = "".join(f"<p>{sentence(name)}</p>" for name in PAYLOADS)
    text = "".join(f"<h2>{name}</h2><p>{escape(sentence(name))}</p>" for name in PAYLOADS)
    cells = "".join(
        f"<tr><td>{escape(payload)}</td><td>5{n}</td></tr>" for n, payload in enumerate(PAYLOADS.values())
    )
    head = "".join(f"<p>{line}</p>" for line in HEAD)
    table = f"<table><tr><th>Verksamhet</th><th>Utfall 2022</th></tr>{cells}</table>"
    title = f"<title>{escape(PAYLOADS['script'])}</title>"
    return f"<!doctype html><html><head>{title}</head><body>{head}{text}{table}{raw}</body></html>".encode()


def docx() -> bytes:
    """The hostile report as a Word document."""
    from docx import Document

    document = Document()
    document.core_properties.title = PAYLOADS["script"]
    document.add_heading(f"Årsredovisning 2022 {PAYLOADS['handler']}", 0)
    for line in HEAD:
        document.add_paragraph(line)
    for name in PAYLOADS:
        document.add_heading(f"{name} {PAYLOADS[name]}", 1)
        document.add_paragraph(sentence(name))
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Verksamhet", "Utfall 2022"
    for number, payload in enumerate(PAYLOADS.values()):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = payload, f"5{number}"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def xlsx() -> bytes:
    """The hostile report as a workbook whose cells are text, however they look."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "script onerror"
    for line in HEAD:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Verksamhet", "Utfall 2022"])
    for number, payload in enumerate(PAYLOADS.values()):
        sheet.append([None, 50 + number])
        cell = sheet.cell(sheet.max_row, 1)
        cell.value = payload
        cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pdf() -> bytes:
    """The hostile report as a PDF, with a script of its own that runs when it is opened."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setTitle(PAYLOADS["script"])
    canvas.setFont("Helvetica", 8)
    lines = [*HEAD, "", *(sentence(name) for name in PAYLOADS if name != "direction")]
    for number, line in enumerate(lines):
        canvas.drawString(40, 800 - 24 * number, line[:150])
    canvas.linkURL("javascript:window.stolen=1", (40, 40, 200, 60))
    canvas.save()
    return stream.getvalue()


FORMATS = {"md": markdown, "html": html, "docx": docx, "xlsx": xlsx, "pdf": pdf}
NAME = "<img src=x onerror=window.stolen=1> $(touch stolen);'--.{}"
"""Of each file; ``{}`` is its ending."""
