import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import rows_of

from rapportsvar.errors import EmptyReport, ReportTooLarge
from rapportsvar.reading.html.charset import decode
from rapportsvar.reading.html.reader import read_html


@pytest.fixture
def read(tmp_path):
    def read(page):
        path = tmp_path / "sida.html"
        path.write_bytes(page if isinstance(page, bytes) else page.encode("utf-8"))
        return read_html(path, "sida.html")

    return read


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (
            "<h1>Ekonomi</h1><p>Kostnaden <b>ökade</b>\n med 3&nbsp;%.</p>",
            "Ekonomi\n\nKostnaden ökade med 3 %.",
        ),
        ("<p>Ett<br>två<br><br>tre</p>", "Ett två\n\ntre"),
        ("<div>Ett<p>två</p>tre</div>", "Ett\n\ntvå\n\ntre"),
        ("<ul><li>Ett<li>Två<ul><li>Inre</ul></ul>", "- Ett\n- Två\n- Inre"),
        ("<ol start=3><li>C<li value=7>G<li>H</ol>", "3. C\n7. G\n8. H"),
        ("<ol type=a reversed><li>x<li>y</ol>", "b. x\na. y"),
        ("<p>Talet<sup>2</sup> och m<sup>den</sup></p>", "Talet² och mden"),
        ("<nav>Meny</nav><script>x()</script><style>p{}</style><p>Text</p><footer>Fot</footer>", "Text"),
        ("<p hidden>A</p><p style='display:none'>B</p><p aria-hidden=true>C</p><p>Text</p>", "Text"),
        ("<div id=TOC><a>Ekonomi</a></div><div class=toc-content>Text</div>", "Text"),
        ("<header><h1>Rapport</h1></header><header>Logga</header><p>Text</p>", "Rapport\n\nText"),
        ("<div>Meny här</div><main><p>" + "Lång text. " * 9 + "</p></main>", ("Lång text. " * 9).strip()),
        ("<p>Öppen <b>fet <i>båda</b> text<p>Nästa</div></p>", "Öppen fet båda text\n\nNästa"),
        ("<span><p>I en span</p></span>efter", "I en span\n\nefter"),
        ("<img src='data:image/png;base64," + "A" * 500 + "' alt=bild><p>Text</p>", "Text"),
        ("<form><label>Sök</label><input value=x></form><select><option>a</select><p>Text</p>", "Text"),
        ("<table><td>a</td>b<tr><td>c<td>d</table>", "a\n\nb\n\nc\n\nd"),
        ("<pre>rad ett\nrad två</pre>", "rad ett\n\nrad två"),
    ],
)
def test_main_text_of_a_page(read, page, text):
    assert read(page).text == text


TABLE = """<table><caption>Drift, tkr</caption><thead><tr><th rowspan=2>Område<th colspan=2>2023</tr>
<tr><th>Budget<th>Utfall</tr></thead><tbody><tr><td>Skola<td>1&nbsp;200<td>1 300</tr></tbody></table>"""


def test_a_table_keeps_spans_headers_and_caption(read):
    source = read(TABLE)
    (grid,) = source.layout.grids
    assert rows_of(source, grid) == [
        ["Område", "2023", None],
        [None, "Budget", "Utfall"],
        ["Skola", "1 200", "1 300"],
    ]
    assert grid.caption.of(source.text) == "Drift, tkr"
    assert [cell.header for cell in grid.cells] == [True] * 4 + [False] * 3
    assert source.text == "Drift, tkr\nOmråde\t2023\t\n\tBudget\tUtfall\nSkola\t1 200\t1 300"


def test_a_table_that_lays_out_a_page_is_no_table(read):
    inner = "<table><tr><td>a<td>1<tr><td>b<td>2</table>"
    source = read(f"<table><tr><td><h2>Rubrik</h2><p>Text.</p>{inner}<td>Sidospalt</table>")
    assert source.text == "Rubrik\n\nText.\n\na\t1\nb\t2\n\nSidospalt"
    assert len(source.layout.grids) == 1


def test_spans_beyond_the_table_are_held_to_it(read):
    source = read("<table><tr><td rowspan=60000>A<td>1<tr><td>2<tr><td colspan=99999>B</table>")
    (grid,) = source.layout.grids
    assert (grid.rows, grid.columns) == (3, 2)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>Åäö</p>".encode(), "<p>Åäö</p>"),
        (
            "<meta charset=iso-8859-1><p>Åäö – 5 €</p>".encode("cp1252"),
            "<meta charset=iso-8859-1><p>Åäö – 5 €</p>",
        ),
        ("\ufeff<p>Åäö</p>".encode("utf-16-le"), "<p>Åäö</p>"),
        ("<p>Åäö</p>".encode("latin-1"), "<p>Åäö</p>"),
        ("<meta charset=utf-16><p>å</p>".encode(), "<meta charset=utf-16><p>å</p>"),
        (b"<meta charset=base64><p>\xe5</p>", "<meta charset=base64><p>å</p>"),
    ],
)
def test_characters_are_told_by_the_bytes(data, text):
    assert decode(data) == (text, ())


def test_title_and_meta_are_properties(read):
    page = "<head><title>Rapport\n 2023</title><meta name=author content='Region X'></head><p>Text"
    assert dict(read(page).properties) == {"title": "Rapport 2023", "author": "Region X"}


def test_what_is_not_read_is_told(read):
    page = "<p>Text</p><img src=a><img src=b><iframe src=c></iframe><div class='plotly html-widget'></div>"
    assert read(page).warnings == (
        "2 bilder lästes inte: deras text är inte sökbar.",
        "1 inbäddad sida lästes inte.",
        "1 interaktiv del lästes inte: dess värden är inte sökbara.",
    )


def test_cells_beyond_the_bound_of_columns_are_told(read):
    row = f"<tr><td>Mått{'<td>1' * 1002}</tr>"
    source = read(f"<table>{row}{row}</table>")
    assert source.text.count("1") == 2 * 999
    assert source.warnings == ("6 celler bortom tabellernas tusende kolumn lästes inte.",)


def test_tags_that_are_never_closed_take_no_words_away(read):
    page = "".join(f"<p><font size=2>Stycke {number} <b>om</b> skolan" for number in range(600))
    assert read(page).text.count("\n\n") == 599
    assert read(page).text.endswith("Stycke 599 om skolan")


def test_a_page_that_cannot_be_read_whole_is_refused(read):
    with pytest.raises(ReportTooLarge, match="kapslad"):
        read("<p>Före</p>" + "<div>" * 300 + "Inne" + "</div>" * 300 + "<p>Efter")


@pytest.mark.parametrize("page", ["<html></html>", "<script>1</script>", "<!-- bara -->", " \n"])
def test_a_page_without_words_is_empty(read, page):
    with pytest.raises(EmptyReport):
        read(page)


def test_entities_of_a_page_reach_no_file(read):
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>Text &x; &amp; mer</p>'
    text = read(page).text
    assert text.endswith("& mer")
    assert "&x;" in text


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td",
        "colspan=2>",
        "<td",
        "rowspan=3>",
        "<th>",
        "</table>",
        "<ul>",
        "<li>",
        "</ul>",
        "<br>",
        "<b>",
        "</div>",
        "ord",
        "<h2>",
        "5",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_whatever_a_page_holds_layout_fits_its_text(tmp_path_factory, pieces):
    path = tmp_path_factory.mktemp("html") / "x.html"
    path.write_text(" ".join(pieces) + "<p>slut", encoding="utf-8")
    source = read_html(path, "x.html")
    for grid in source.layout.grids:
        lines = grid.span.of(source.text).split("\n")
        assert len(lines) == grid.rows
        assert all(line.count("\t") == grid.columns - 1 for line in lines)
        taken = [
            (row, column)
            for cell in grid.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        ]
        assert len(taken) == len(set(taken))
        for cell in grid.cells:
            fields = lines[cell.row].split("\t")
            assert cell.span.of(source.text) == fields[cell.column]
