"""Small PDFs, drawn for tests. Places are in points from the bottom left corner, as PDF has them."""

import io

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
BODY = (
    "Kostnaden för placeringar ökade med 2,3 mnkr under året eftersom fler barn placerades på institution.",
    "Nämnden följer utvecklingen och har beslutat om åtgärder som ska få effekt under nästa år.",
)


class Made:
    """Draws pages one after the other."""

    def __init__(self, password=None, title=None):
        self._stream = io.BytesIO()
        encrypt = StandardEncryption(password, canPrint=0) if password else None
        self.canvas = Canvas(self._stream, pagesize=A4, encrypt=encrypt)
        if title:
            self.canvas.setTitle(title)

    def text(self, x, y, words, size=10, bold=False):
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(x, y, words)
        return self

    def right(self, x, y, words, size=10, bold=False):
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawRightString(x, y, words)
        return self

    def centred(self, x, y, words, size=10, bold=True):
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawCentredString(x, y, words)
        return self

    def lines(self, x, y, rows, size=10, leading=12):
        for number, words in enumerate(rows):
            self.text(x, y - number * leading, words, size)
        return self

    def line(self, x0, y0, x1, y1):
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x0, y0, x1, y1)
        return self

    def grid(self, xs, ys):
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        return self

    def shade(self, x, y, width, height, ink=(0.8, 0.9, 1)):
        self.canvas.setFillColor(Color(*ink))
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)
        self.canvas.setFillColor(Color(0, 0, 0))
        return self

    def upward(self, x, y, words):
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.rotate(90)
        self.text(0, 0, words, 8)
        self.canvas.restoreState()
        return self

    def picture(self, image):
        from reportlab.lib.utils import ImageReader

        self.canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)
        return self

    def page(self):
        self.canvas.showPage()
        return self

    def turn(self, degrees):
        self.canvas.setPageRotation(degrees)
        return self

    def bookmark(self, title, level=0):
        self.canvas.bookmarkPage(title)
        self.canvas.addOutlineEntry(title, title, level)
        return self

    def data(self):
        self.canvas.save()
        return self._stream.getvalue()

    def file(self, folder, name="rapport.pdf"):
        path = folder / name
        path.write_bytes(self.data())
        return path


TABLE = (
    ("Verksamhet", "Budget 2023", "Utfall 2023"),
    ("Förskola", "1 200", "1 250"),
    ("Grundskola", "3 400", "3 380"),
    ("Fritidshem", "560", "575"),
    ("Summa", "5 160", "5 205"),
)


def ruled_table(made, top=700, rows=TABLE):
    xs = [60, 220, 330, 440]
    ys = [top - 16 * number for number in range(len(rows) + 1)]
    made.grid(xs, ys)
    return _fill(made, rows, xs, top)


def open_table(made, top=700, rows=TABLE):
    return _fill(made, rows, [60, 220, 330, 440], top)


def _fill(made, rows, xs, top):
    for number, row in enumerate(rows):
        y = top - 16 * number - 12
        for column, words in enumerate(row):
            if column:
                made.right(xs[column + 1] - 4, y, words)
            else:
                made.text(xs[0] + 4, y, words)
    return made
