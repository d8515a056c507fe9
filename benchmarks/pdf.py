"""What reading PDF costs, as ratios against PDFium's plain text; its words against pdfminer.six.

python benchmarks/pdf.py cost FOLDER     time / that of pypdfium2's plain extraction; peak memory of both
python benchmarks/pdf.py length FOLDER   peak memory over 125 to 1,000 pages, made of the folder's
python benchmarks/pdf.py words FOLDER    share of pdfminer.six's words that the text has, and in its order
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

from rapportsvar.errors import ReadingError
from rapportsvar.reading.pdf.source import read_pdf
from rapportsvar.swedish.dictionary import dictionary

WORDS_FILES = 5
ROUNDS = 5
LENGTHS = (125, 250, 500, 1000)


def main() -> None:
    kind, *rest = sys.argv[1:] or ["help"]
    if kind == "_once":
        _once(*rest)
    elif kind in RUNS and rest:
        RUNS[kind](Path(rest[0]))
    else:
        print(__doc__)


def cost(folder: Path) -> None:
    """Plain and ours take turns, file by file, so that a busy machine is busy for both; peaks, apart."""
    paths = _with_text(folder)
    began = time.process_time()
    dictionary()
    opened = time.process_time() - began
    spent = dict.fromkeys(WAYS, 0.0)
    pages = sum(map(_read_plain, paths))
    for path in paths * ROUNDS:
        for way, read in WAYS.items():
            began = time.process_time()
            read(path)
            spent[way] += time.process_time() - began
    plain, ours = (1000 * spent[way] / ROUNDS / pages for way in ("plain", "ours"))
    print(f"{pages} pages, {ROUNDS} rounds: plain {plain:.2f} ms a page, ours {ours:.2f}")
    print(f"ratio {ours / plain:.1f}; {1000 / ours:.0f} pages a second")
    print(f"once a process besides: the dictionary, {1000 * opened:.0f} ms")
    peaks = [f"{way} {_peak(way, *paths)[0]:.0f}" for way in WAYS]
    print("peak MB: " + ", ".join(peaks))


def _peak(way: str, *paths: Path) -> tuple[float, int]:
    """Return the peak of a process of its own in megabytes, and how many pages it read."""
    command = [sys.executable, __file__, "_once", way, *map(str, paths)]
    peak, pages = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(peak), int(pages)


def _once(way: str, *paths: str) -> None:
    dictionary()
    pages = sum(WAYS[way](Path(path)) for path in paths)
    print(_peak_megabytes(), pages)


def _peak_megabytes() -> float:
    """Of this process; what ``getrusage`` tells holds the peak of the process that started it, too."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def length(folder: Path) -> None:
    """Reports of many pages, made of the folder's pages over and over."""
    paths = _with_text(folder)
    print("| pages | MB of the file | plain, peak MB | ours, peak MB |\n|---|---|---|---|")
    with TemporaryDirectory() as place:
        for count in LENGTHS:
            made = Path(place) / f"{count}.pdf"
            _make(paths, count, made)
            (plain, _), (ours, pages) = _peak("plain", made), _peak("ours", made)
            print(f"| {pages} | {made.stat().st_size / 1e6:.1f} | {plain:.0f} | {ours:.0f} |", flush=True)


def _make(paths: list[Path], pages: int, made: Path) -> None:
    sources = [pypdfium2.PdfDocument(path) for path in paths]
    with pypdfium2.PdfDocument.new() as document:
        while len(document) < pages:
            for source in sources:
                left = min(pages - len(document), len(source))
                if left:
                    document.import_pages(source, list(range(left)))
        document.save(made)


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


def _read_ours(path: Path) -> int:
    return len(read_pdf(path, path.name).pages)


WAYS = {"nothing": lambda path: 0, "plain": _read_plain, "ours": _read_ours}
RUNS = {"cost": cost, "length": length, "words": words}

if __name__ == "__main__":
    main()
