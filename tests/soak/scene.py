"""Some reports, an index of them, and what may be found there: the old state, the new one, nothing else."""

from __future__ import annotations

import os
import re
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from made import BODY, Made
from preforked import Preforked
from small_reports import ASBRO, HASH_SETTINGS, LINDSJO, NORRVIKA, write_reports

from rapportsvar.errors import IndexMissing
from rapportsvar.index.manifest import check_files, generations, read_manifest
from rapportsvar.index.opened import open_index

State = dict[str, str]
"""Each source with its text; no index at all is None."""
OURS = re.compile(
    r"manifest\.json(\.new)?|generation-\d{6}|build\.lock|embeddings\.sqlite(-journal)?|files|library|views"
)
AFTER_A_RUN = re.compile(r"manifest\.json|generation-\d{6}|build\.lock|files|library|views")
PAGED = "sidor.pdf"


@dataclass
class Scene:
    """A folder of reports and one of an index."""

    folder: Path
    runs: Preforked
    number: int = 0
    texts: State = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reports, self.index = self.folder / "reports", self.folder / "index"
        self.settings = self.folder / "rapportsvar.toml"
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(f"{HASH_SETTINGS}[reading]\nprocesses = 1\n")
        self.texts = {
            "asbro/delar-2023.md": ASBRO,
            "lindsjo/ar-2022.txt": LINDSJO,
            "norrvika/vb-2021.txt": NORRVIKA,
        }
        write_reports(self.reports, self.texts)
        page = Made()
        for line, words in enumerate(BODY):
            page.text(60, 700 - 20 * line, words)
        (self.reports / PAGED).write_bytes(page.data())

    @property
    def update(self) -> list[str]:
        """The arguments of an update."""
        return ["--settings", str(self.settings), "index", str(self.reports), "--index", str(self.index)]

    def run(self, do: str = "command", *arguments: str, **order) -> dict:
        """Run a task; without arguments the update."""
        known = {"index": str(self.index), "settings": str(self.settings), "update": self.update}
        given = arguments or self.update
        return self.runs.run(do, *given, below=str(self.index), **known, **order)

    def change(self) -> None:
        """Change one report."""
        self.number += 1
        changed = NORRVIKA.replace("6 200", f"{self.number} 200").replace("mars", f"mars ({self.number})")
        self.texts["norrvika/vb-2021.txt"] = changed
        write_reports(self.reports, self.texts)

    def delete_or_add(self) -> None:
        """Take a report away, or put it back."""
        self.number += 1
        path = self.reports / "asbro/delar-2023.md"
        if self.texts.pop("asbro/delar-2023.md", None):
            path.unlink()
        else:
            self.texts["asbro/delar-2023.md"] = ASBRO
            path.write_text(ASBRO, encoding="utf-8")

    def wanted(self) -> State:
        """What the index holds of the text files once it is up to date."""
        uploaded = self.index / "library/uppladdat"
        library = {f"uppladdat/{p.name}": p.read_text(encoding="utf-8") for p in uploaded.glob("*")}
        return {**self.texts, **library}


def held(index: Path) -> State | None:
    """Return what an index holds of text files; every file and every part of it is looked at."""
    try:
        manifest = read_manifest(index)
    except IndexMissing:
        return None
    check_files(index, manifest, contents=True)
    with closing(open_index(index)) as opened:
        store = opened.store
        texts = {source: store.text(source) for source in store.sources()}
        entries = [store.entry(int(key)) for key in opened.entries["id"]]
        assert len(entries) == manifest.counts["passages"] + manifest.counts["rows"]
        assert len(opened.vectors.owners) == manifest.counts["vectors"]
        assert set(texts) == set(manifest.sources)
        for source, sha256 in manifest.sources.items():
            if source.endswith(".pdf"):
                assert (index / "files" / sha256).is_file(), "a page could not be shown"
    return {source: text for source, text in texts.items() if not source.endswith(".pdf")}


def left_over(index: Path, allowed: re.Pattern[str]) -> list[str]:
    """Name what stands in an index folder and should not."""
    there = index.iterdir() if index.is_dir() else ()  # a kill may come before the folder
    names = [path.name for path in there if not allowed.fullmatch(path.name)]
    files = [path.name for path in (index / "files").glob("*")]
    if allowed is AFTER_A_RUN:
        kept = set(read_manifest(index).sources.values())
        names += [name for name in files if name not in kept]
        names += [str(path) for path in (index / "library").glob(".incoming/*")]
    if len(list(generations(index))) > (2 if allowed is AFTER_A_RUN else 3):
        names.append(f"{len(list(generations(index)))} generations")
    return names


def size_bytes(index: Path) -> int:
    """Return the room that an index folder takes."""
    return sum((Path(where) / name).stat().st_size for where, _, names in os.walk(index) for name in names)
