"""Make the demonstration corpus from its sources::

    python scripts/build_corpus.py              # all of it, into corpus/
    python scripts/build_corpus.py lindsjo      # sources whose path holds one of the words
    python scripts/build_corpus.py --check      # make nothing; tell what does not agree

What a source is made into is told by the ending of ``fil`` in its front matter. The made files are committed,
and ``corpus-sources/made.tsv`` holds the hashes of both, so that a forgotten build is found. The same sources
and the same versions of the libraries give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from corpus_builder.facts import Block, read_facts
from corpus_builder.pdf import make_pdf
from corpus_builder.plain import make_markdown, make_text
from corpus_builder.sheet import make_xlsx
from corpus_builder.source import Document, read_source
from corpus_builder.web import make_html
from corpus_builder.word import make_docx

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "corpus-sources"
CORPUS = ROOT / "corpus"
MADE = "made.tsv"
MAKERS: Mapping[str, Callable[[Document], bytes]] = {
    ".pdf": make_pdf,
    ".docx": make_docx,
    ".html": make_html,
    ".xlsx": make_xlsx,
    ".txt": make_text,
    ".md": make_markdown,
}


def build(sources: Path, into: Path, words: list[str]) -> Iterator[tuple[str, bytes]]:
    """Make every source whose path holds one of the words (or all); yield what was made."""
    facts = {path.parent.name: read_facts(path) for path in sorted(sources.glob("*/facts.tsv"))}
    for path in source_files(sources):
        if words and not any(word in path.as_posix() for word in words):
            continue
        name, data = make(path, facts.get(path.parent.name, {}))
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        yield name, data


def source_files(sources: Path) -> list[Path]:
    """Return the sources of reports, in order."""
    return sorted(path for path in sources.glob("*/*.md") if path.name != "README.md")


def make(path: Path, facts: Mapping[str, Block]) -> tuple[str, bytes]:
    """Return the name of the file that a source is made into, below the corpus, and its bytes."""
    document = read_source(path, facts)
    name = document.text("fil")
    maker = MAKERS.get(Path(name).suffix)
    if maker is None:
        raise ValueError(f"{path}: nothing is made into {name!r}")
    return f"{path.parent.name}/{name}", maker(document)


def hashes(sources: Path, corpus: Path, names: Mapping[Path, str]) -> list[str]:
    """Return the lines of ``made.tsv``: a source, the hash of it and its facts, its file, that one's hash."""
    lines = []
    for path, name in sorted(names.items()):
        facts = path.parent / "facts.tsv"
        content = path.read_bytes() + (facts.read_bytes() if facts.is_file() else b"")
        made = corpus / name
        there = _hash(made.read_bytes()) if made.is_file() else "-"
        lines.append("\t".join((path.relative_to(sources).as_posix(), _hash(content), name, there)))
    return lines


def targets(sources: Path) -> dict[Path, str]:
    """Return what each source is made into, read from its front matter alone."""
    made = {}
    for path in source_files(sources):
        line = next(
            line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("fil = ")
        )
        made[path] = f"{path.parent.name}/{line.split('=', 1)[1].strip().strip(chr(34))}"
    return made


def main() -> int:
    """Build or check, as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*", help="only sources whose path holds one of these")
    parser.add_argument("--check", action="store_true", help="only tell whether sources and files agree")
    options = parser.parse_args()
    table = SOURCES / MADE
    if not options.check:
        made = set()
        for name, data in build(SOURCES, CORPUS, options.words):
            print(f"{len(data):>8}  {name}")
            made.add(name)
        before = _held(table)
        now = {line.split("\t")[2]: line for line in hashes(SOURCES, CORPUS, targets(SOURCES))}
        # What was not made now keeps its old line: it may have grown stale.
        lines = [line if name in made else before.get(name, line) for name, line in now.items()]
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return 0
    wrong = set(hashes(SOURCES, CORPUS, targets(SOURCES))).symmetric_difference(_held(table).values())
    print(*sorted(wrong), sep="\n")
    return 1 if wrong else 0


def _held(table: Path) -> dict[str, str]:
    """Return the lines of ``made.tsv`` by the name of the made file."""
    lines = table.read_text(encoding="utf-8").splitlines() if table.is_file() else []
    return {line.split("\t")[2]: line for line in lines}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
