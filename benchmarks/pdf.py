"""What reading PDF costs, as ratios against PDFium's plain text; its words against pdfminer.six.

python benchmarks/pdf.py cost FOLDER     time / that of pypdfium2's plain extraction; peak memory of both
python benchmarks/pdf.py words FOLDER    share of pdfminer.six's words that the text has, and in its order
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2

from rapportsvar.errors import ReadingError
from rapportsvar.reading.pdf.source import read_pdf

WORDS_FILES = 5


def main() -> None:
    kind, *rest = sys.argv[1:] or ["help"]
    if kind in RUNS and rest:
        RUNS[kind](Path(rest[0]))
    else:
        print(__doc__)


def cost(folder: Path) -> None:
    """Each way runs in a process of its own, which tells its time and its peak."""
    figures = {way: _apart(way, folder) for way in ("plain", "nothing", "ours")}
    pages, plain, peak_plain = figures["plain"]
    _, ours, peak_ours = figures["ours"]
    idle = figures["nothing"][2]
    print(f"{pages:.0f} pages: plain {1000 * plain / pages:.2f} ms a page, ours {1000 * ours / pages:.2f}")
    print(f"ratio {ours / plain:.1f}; {pages / ours:.0f} pages a second")
    print(f"peak MB: plain {peak_plain:.0f}, ours {peak_ours:.0f}, of which program {idle:.0f}")


def _apart(way: str, folder: Path) -> tuple[float, float, float]:
    command = [sys.executable, __file__, f"_{way}", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pages, seconds, peak = map(float, done.stdout.split())
    return pages, seconds, peak


def _plain(folder: Path) -> None:
    _tell(folder, _read_plain)


def _ours(folder: Path) -> None:
    _tell(folder, lambda path: len(read_pdf(path, path.name).pages))


def _nothing(folder: Path) -> None:
    _tell(folder, lambda path: 0)


def _tell(folder: Path, read) -> None:
    paths = _with_text(folder)
    began = time.process_time()
    pages = sum(read(path) for path in paths)
    spent = time.process_time() - began
    print(pages, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _read_plain(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            found = page.get_textpage()
            found.get_text_range()
            found.close()
            page.close()
        return len(document)


def _with_text(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.glob("*.pdf")):
        try:
            with pypdfium2.PdfDocument(path) as document:
                if document[0].get_textpage().count_chars() or len(document) > 3:
                    found.append(path)
        except pypdfium2.PdfiumError:
            continue
    return found


def words(folder: Path) -> None:
    """Words are compared without hyphens, which the two undo differently."""
    from pdfminer.high_level import extract_text

    paths = sorted(_with_text(folder), key=lambda path: path.stat().st_size)[:WORDS_FILES]
    print("| file | words of pdfminer.six | of them in ours | in the same order |\n|---|---|---|---|")
    for path in paths:
        try:
            ours = _words(read_pdf(path, path.name).text)
        except ReadingError as error:
            print(f"| {path.name} | {error} | | |")
            continue
        theirs = _words(extract_text(path))
        shared = sum((Counter(ours) & Counter(theirs)).values())
        blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
        order = sum(block.size for block in blocks)
        print(f"| {path.stem} | {len(theirs)} | {shared / len(theirs):.3f} | {order / len(theirs):.3f} |")


def _words(text: str) -> list[str]:
    joined = re.sub(r"(?<=\w)[-\u00ad]\s*\n\s*(?=[a-zåäö])", "", text)
    return re.findall(r"[^\W_]+", joined.lower())


RUNS = {"cost": cost, "words": words, "_plain": _plain, "_ours": _ours, "_nothing": _nothing}

if __name__ == "__main__":
    main()
