"""Makes an HTML page as a municipality's site does: the report among menu, header, footer and scripts."""

from __future__ import annotations

import re
from html import escape

from corpus_builder import source
from corpus_builder.source import Document

_FOOTNOTE = re.compile(r"\[\^(\w+)\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_MENU = ("Start", "Barn och utbildning", "Omsorg och stöd", "Bygga och bo", "Kommun och politik", "Kontakt")

_PAGE = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<title>{title} – {sender}</title>
<style>
body {{ font-family: sans-serif; }} table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid #999; }}
.num {{ text-align: right; }}
</style>
<script>
window.statistik = {{ sida: "{title}", visningar: 1204, "budget": "ska inte läsas" }};
document.addEventListener("DOMContentLoaded", function () {{ console.log("Sidan visades"); }});
</script>
</head>
<body>
<header class="sidhuvud"><a href="#innehall">Hoppa till innehåll</a> <a href="/">{sender}</a></header>
<nav aria-label="Huvudmeny">
<ul>
{menu}
</ul>
</nav>
<main id="innehall">
<article>
{body}
</article>
</main>
<aside class="kakor"><p>Vi använder kakor för att webbplatsen ska fungera.
<button>Godkänn</button></p></aside>
<footer><p>{sender}, växel 0000-123 45 · Öppet vardagar 8–16</p><p>Sidan uppdaterades {updated}</p></footer>
<script>setTimeout(function () {{ window.dataLayer = []; }}, 10);</script>
</body>
</html>
"""


def make_html(document: Document) -> bytes:
    """Return the page."""
    opening = [f"<p class='ingress'>{_inline(line)}</p>" for line in document.lines("over")]
    opening.append(f"<h1>{_inline(document.text('titel'))}</h1>")
    opening += [f"<p>{_inline(line)}</p>" for line in document.lines("under")]
    body = [*opening, *_contents(document), *_pieces(document), *_notes(document)]
    page = _PAGE.format(
        title=escape(document.text("titel")),
        sender=escape(document.text("avsandare")),
        menu="\n".join(f'<li><a href="#">{item}</a></li>' for item in _MENU),
        body="\n".join(body),
        updated=document.text("uppdaterad"),
    )
    return page.encode()


def _contents(document: Document) -> list[str]:
    heads = [piece for piece in document.pieces if isinstance(piece, source.Heading) and piece.level == 1]
    if not document.flag("innehall", True):
        return []
    links = [f'<li><a href="#a{at}">{_inline(head.text)}</a></li>' for at, head in enumerate(heads, 1)]
    return [
        '<nav class="innehall" aria-label="På denna sida"><h2>På denna sida</h2><ol>',
        *links,
        "</ol></nav>",
    ]


def _pieces(document: Document) -> list[str]:
    made: list[str] = []
    anchors = 0
    for piece in document.pieces:
        if isinstance(piece, source.Heading):
            anchors += piece.level == 1
            place = f' id="a{anchors}"' if piece.level == 1 else ""
            made.append(f"<h{piece.level + 1}{place}>{_inline(piece.text)}</h{piece.level + 1}>")
        else:
            made += _block(piece)
    return made


def _block(piece: source.Piece) -> list[str]:
    match piece:
        case source.Paragraph():
            return [f"<p>{_inline(piece.text)}</p>"]
        case source.Listing():
            name = "ol" if piece.ordered else "ul"
            return [f"<{name}>", *(f"<li>{_inline(item)}</li>" for item in piece.items), f"</{name}>"]
        case source.Table():
            return _table(piece)
        case source.Figure():
            bars = "".join(
                f'<rect x="{at * 40}" y="0" width="30" height="{size:g}"></rect>'
                for at, (_, size) in enumerate(piece.bars)
            )
            return [
                f'<figure><svg role="img" aria-hidden="true">{bars}</svg>',
                f"<figcaption>{_inline(piece.caption)}</figcaption></figure>",
            ]
        case _:
            return []


def _table(table: source.Table) -> list[str]:
    grid = table.grid()
    spans = {(at, column): (high, wide) for at, column, high, wide in table.spans()}
    made = ["<table>"]
    if table.caption:
        made.append(f"<caption>{_inline(table.caption)}</caption>")
    for at, row in enumerate(table.rows):
        if at in (0, table.head):
            made.append("<thead>" if at < table.head else "</thead>\n<tbody>" if table.head else "<tbody>")
        cells = [
            _cell(row.kind, column, cell, spans[at, column])
            for column, cell in enumerate(grid[at])
            if (at, column) in spans
        ]
        made.append(f"<tr>{''.join(cells)}</tr>")
    made += ["</tbody>", "</table>"]
    return made + [f'<p class="not">{_inline(note)}</p>' for note in table.notes]


def _cell(kind: str, column: int, cell: str, span: tuple[int, int]) -> str:
    high, wide = span
    name = "th" if kind in ("head", "section") or column == 0 else "td"
    scope = (
        ' scope="row"' if name == "th" and kind in ("body", "sum") else ' scope="col"' if name == "th" else ""
    )
    number = ' class="num"' if name == "td" and re.fullmatch(r"-?[\d ,]+[¹²³*]?", cell) else ""
    spans = (f' colspan="{wide}"' if wide > 1 else "") + (f' rowspan="{high}"' if high > 1 else "")
    shown = _inline(cell.removeprefix("> "))
    return f"<{name}{scope}{number}{spans}>{f'<strong>{shown}</strong>' if kind == 'sum' else shown}</{name}>"


def _notes(document: Document) -> list[str]:
    return [
        f'<p class="fotnot" id="not{mark}"><sup>{mark}</sup> {_inline(note)}</p>'
        for mark, note in document.footnotes.items()
    ]


def _inline(text: str) -> str:
    bold = _BOLD.sub(r"<strong>\1</strong>", escape(text, quote=False))
    return _FOOTNOTE.sub(r'<sup><a href="#not\1">\1</a></sup>', bold)
