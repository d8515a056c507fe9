"""Mutated files through every reader, and all that a build does to a report: ``python fuzzing.py``.

Takes COUNT, SEED and FOLDER; keeps there what broke something or killed its reader, prints a line of JSON.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "reading"), str(HERE.parent / "reading/pdf")]

from lxml import etree  # noqa: E402
from seeds import Seed, seeds  # noqa: E402

from rapportsvar.errors import ReaderFailed, ReadingError  # noqa: E402
from rapportsvar.index.child import report_of  # noqa: E402
from rapportsvar.index.exchange import pack_answer, unpack_answer  # noqa: E402
from rapportsvar.index.fresh import make_fresh  # noqa: E402
from rapportsvar.index.store import Store  # noqa: E402
from rapportsvar.index.summary import BuildSummary  # noqa: E402
from rapportsvar.model import Report, Span  # noqa: E402
from rapportsvar.structure.passages import PassageSize  # noqa: E402
from rapportsvar.swedish.words import Analyzer  # noqa: E402

SIZE = PassageSize()
SECONDS_MAX = 20
"""Of the processor, for one of these small files; whoever takes longer is killed, which is a fault."""
ANALYSED = 5
"""Every fifth report that was read is analysed and stored, too, which takes several times as long."""
NASTY = tuple(
    words.encode("utf-8", "surrogatepass")
    for words in (
        *("\u202e", "\u200b", "\ufeff", "\u2066", "\x00", "\x0c", "\r", "\ud800", "\U0010ffff"),
        *("e\u0301" * 40, "\u0308" * 60, "ﷺ" * 30, "İ" * 9, "ß" * 9),
        *(
            "\t" * 200,
            "|" * 200,
            "-" * 300,
            "=" * 80,
            "#" * 70,
            "*" * 70,
            "1 " * 150,
            "9" * 400,
            "(" * 120,
            "." * 200,
        ),
        *("1 234 567,89 tkr", "-0,0 %", "1e309", "NaN", "2023-02-31", "augusti 99999", "§" * 90),
        *("1.1.1.1.1.1.1.1 ", "\n\n\n", "\n- ", "\n\t\t\n", "Tabell 1. ", "Summa\t1\t2\n"),
        *("../../etc/passwd", "javascript:alert(1)", "&#xD800;", "<!DOCTYPE x>", "<table><td rowspan=99999>"),
    )
)
VALUES = (b"-1", b"0", b"1", b"65536", b"99999999999", b"1e309", b"", b"NaN", b"\xc3\xa5", b"A1:XFD1048576")
_NUMBER = re.compile(rb"\d+")
_ATTRIBUTE = re.compile(rb'="([^"]*)"')
_TAG = re.compile(rb"<[^<>]+>")

Mutation = Callable[[bytes, random.Random], bytes]


def _bit(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:] if chance.random() < 0.7 else data[:last]


def _again(data: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    piece = data[first : min(last, first + 2000)]
    return data[:last] + piece * chance.choice((1, 2, 20)) + data[last:]


def _insert(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(NASTY) * chance.choice((1, 1, 5)) + data[place:]


def _one_of(pattern: re.Pattern[bytes], values: tuple[bytes, ...]) -> Mutation:
    def change(data: bytes, chance: random.Random) -> bytes:
        found = list(pattern.finditer(data))
        if not found:
            return _insert(data, chance)
        group = 1 if pattern.groups else 0
        place = chance.choice(found).span(group)
        return data[: place[0]] + chance.choice(values) + data[place[1] :]

    return change


def _swap_tags(data: bytes, chance: random.Random) -> bytes:
    found = list(_TAG.finditer(data))
    if len(found) < 2:
        return _cut(data, chance)
    one, other = sorted(chance.sample(range(len(found)), 2))
    first, last = found[one], found[other]
    between = data[first.end() : last.start()]
    return data[: first.start()] + last.group() + between + first.group() + data[last.end() :]


def _tree(data: bytes, chance: random.Random) -> bytes:
    """Change a document that stays well formed: its reader goes on to what it says."""
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return chance.choice(MARKED)(data, chance)
    for _ in range(chance.randint(1, 3)):
        found = list(root.iter(etree.Element))
        one, other = chance.choice(found), chance.choice(found)
        _CHANGES[chance.randrange(len(_CHANGES))](one, other, chance)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _remove(one: etree._Element, _other: etree._Element, _chance: random.Random) -> None:
    above = one.getparent()
    if above is not None:
        above.remove(one)


def _put(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    """Put copies of an element before another, or into it."""
    for _ in range(chance.choice((1, 1, 2, 40))):
        above = other.getparent()
        if above is None or chance.random() < 0.5:
            other.append(copy.deepcopy(one))
        else:
            above.insert(above.index(other), copy.deepcopy(one))
        if sum(1 for _ in one.iter()) > 200:
            return


def _wrap(one: etree._Element, _other: etree._Element, chance: random.Random) -> None:
    """Put an element deeper into others of its name."""
    for _ in range(chance.choice((1, 3, 150))):
        inner = etree.Element(one.tag, dict(one.attrib))
        inner.extend(list(one))
        inner.text, one.text = one.text, None
        one.append(inner)


def _rename(one: etree._Element, other: etree._Element, _chance: random.Random) -> None:
    one.tag = other.tag


def _say(one: etree._Element, _other: etree._Element, chance: random.Random) -> None:
    words = chance.choice((*NASTY, *VALUES)).decode("utf-8", "replace") * chance.choice((1, 1, 5))
    one.text = _ILLEGAL.sub("", words)


def _value(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    """Change an attribute, take it away, or take it from another element."""
    if other.attrib and chance.random() < 0.3:
        name = chance.choice(sorted(other.attrib))
        one.set(name, other.get(name, ""))
    elif one.attrib:
        name = chance.choice(sorted(one.attrib))
        if chance.random() < 0.2:
            del one.attrib[name]
        else:
            one.set(name, chance.choice(VALUES).decode())


_CHANGES = (_remove, _put, _wrap, _rename, _say, _value, _value)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BYTES = (_bit, _cut, _again, _insert, _one_of(_NUMBER, VALUES))
MARKED = (*BYTES, _swap_tags, _one_of(_ATTRIBUTE, VALUES))


def mutated(data: bytes, suffix: str, chance: random.Random) -> bytes:
    """Change a file in one to four ways; of a package nine times in ten something inside."""
    for _ in range(chance.randint(1, 4)):
        if data[:2] == b"PK" and chance.random() < 0.9:
            data = _inside(data, chance)
        elif data:
            data = chance.choice(BYTES if suffix in (".txt", ".md", ".pdf") else MARKED)(data, chance)
    return data


def _inside(data: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except Exception:
        return _bit(data, chance)  # no package any more
    if not parts:
        return _bit(data, chance)
    largest = max(parts, key=lambda name: len(parts[name]))
    name = largest if chance.random() < 0.4 else chance.choice(sorted(parts))
    if parts[name]:
        change = _tree if chance.random() < 0.7 else chance.choice(MARKED)
        parts[name] = change(parts[name], chance)
    if chance.random() < 0.05:
        parts.pop(name)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in parts.items():
            package.writestr(path, content)
    return stream.getvalue()


class Target:
    """Does to a file what a build does, and holds the laws against what comes out."""

    def __init__(self, folder: Path) -> None:
        self._analyzer = Analyzer()
        self._folder = folder
        (folder / "store.sqlite").unlink(missing_ok=True)
        self._store = Store(folder / "store.sqlite", write=True, create=True)

    def read(self, data: bytes, suffix: str, *, analyse: bool) -> str:
        """Return how it ended: ``read``, or the name of our error.

        Raises:
            Exception: What a build would have broken on.
        """
        path = self._folder / f"now{suffix}"
        path.write_bytes(data)
        signal.setitimer(signal.ITIMER_PROF, SECONDS_MAX)
        try:
            report = report_of(path, f"x{suffix}", SIZE)
        except ReaderFailed as failed:
            raise failed.__cause__ or failed from failed
        except ReadingError as refused:
            return type(refused).__name__
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        report = self._over_the_pipe(report)
        _laws(report)
        if analyse:
            self._analyse(report, path, suffix)
        return "read"

    def _analyse(self, report: Report, path: Path, suffix: str) -> None:
        try:
            fresh = make_fresh(report, path, self._analyzer, BuildSummary())
        except ReaderFailed as failed:
            raise failed.__cause__ or failed from failed
        with self._store.transaction():
            key = self._store.add_report(fresh.stored, fresh.tables, fresh.words)
            self._store.add_entries(key, fresh.analysed, "none")
            self._store.add_figures(key, fresh.figures, fresh.figure_terms)
            if fresh.placed is not None:
                self._store.add_placed(key, fresh.placed)
        assert self._store.text(f"x{suffix}") == report.text

    def _over_the_pipe(self, report: Report) -> Report:
        arrived = unpack_answer(pack_answer(report))
        assert arrived == report
        assert isinstance(arrived, Report)
        return arrived


def _laws(report: Report) -> None:
    """Every span lies in the text, and is read from left to right."""
    whole = Span(0, len(report.text))
    spans = [
        *(passage.span for passage in report.passages),
        *(sentence.span for passage in report.passages for sentence in passage.sentences),
        *(section.span for section in report.sections),
        *(cell.span for table in report.tables for row in table.rows for cell in row.cells),
    ]
    for span in spans:
        assert span.start <= span.end, span
        assert whole.contains(span), span


def main(count: int, seed: int, folder: Path) -> None:
    """Read mutated files in a process apart; keep those that break something, or end the process."""
    folder.mkdir(parents=True, exist_ok=True)
    found, stopped = Found(), list[int]()
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))  # what was found so far is told
    known = seeds(folder)
    while found.count < count and not stopped:
        heard, told = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(heard)
            with os.fdopen(told, "w") as answers:
                _read_on(range(found.count, count), seed, folder, known, answers)
            os._exit(0)
        os.close(told)
        with os.fdopen(heard) as lines:
            for line in lines:
                found.add(json.loads(line))
                if stopped:
                    os.kill(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if status and not stopped:  # of the one after the last that was told
            name, changed = _file(known, seed, found.count)
            kept = f"broken-{seed}-{found.count}{Path(name).suffix}"
            (folder / kept).write_bytes(changed)
            what = f"{Path(name).suffix} BROKE"
            found.add(
                {"ended": what, "where": f"status {status}", "kept": kept, "seconds": 0.0, "name": name}
            )
    sys.stdout.write(f"{json.dumps(found.told())}\n")


class Found:
    """What came of the files."""

    def __init__(self) -> None:
        self.count = 0
        self._ended: Counter[str] = Counter()
        self._broken: dict[str, str] = {}
        self._slowest: tuple[float, str] = (0.0, "")

    def add(self, one: dict[str, Any]) -> None:
        """Note what came of one."""
        self._ended[one["ended"]] += 1
        if one["where"] and one["where"] not in self._broken:
            self._broken[one["where"]] = one["kept"]
            sys.stderr.write(f"{one['where']}: {one['kept']}\n")
        self._slowest = max(self._slowest, (one["seconds"], f"{one['name']} {self.count}"))
        self.count += 1

    def told(self) -> dict[str, Any]:
        """Return all of it, to be written."""
        ended = dict(sorted(self._ended.items()))
        return {"count": self.count, "ended": ended, "broken": self._broken, "slowest": self._slowest}


def _file(known: list[Seed], seed: int, number: int) -> tuple[str, bytes]:
    """Return the name of what a file was made of, and the file: by its number alone."""
    chance = random.Random(f"{seed} {number}")
    name, data = chance.choices(known, [weight for _, _, weight in known])[0][:2]
    return name, mutated(data, Path(name).suffix, chance)


def _read_on(numbers: range, seed: int, folder: Path, known: list[Seed], answers: IO[str]) -> None:
    target = Target(folder)
    for number in numbers:
        name, changed = _file(known, seed, number)
        suffix, where, kept = Path(name).suffix, "", ""
        began = time.process_time()
        try:
            ended = target.read(changed, suffix, analyse=number % ANALYSED == 0)
        except (Exception, MemoryError) as fault:
            ended, where = "BROKE", _where(fault)
            kept = f"broken-{seed}-{number}{suffix}"
            (folder / kept).write_bytes(changed)
        told = {"ended": f"{suffix} {ended}", "where": where, "kept": kept, "name": name}
        answers.write(json.dumps({**told, "seconds": time.process_time() - began}) + "\n")
        answers.flush()


def _where(fault: BaseException) -> str:
    trace, place = fault.__traceback__, ""
    while trace:
        if "rapportsvar" in trace.tb_frame.f_code.co_filename:
            place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(fault).__name__} {place}"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
