"""Three short invented reports, and an index of them with the encoder that is no model."""

from __future__ import annotations

from pathlib import Path

from rapportsvar.config import settings_from
from rapportsvar.index.build import BuildSummary, build_index
from rapportsvar.index.embedding.base import HashEncoder

HASH_SETTINGS = '[embedding]\nmodel = "hash"\n'

LINDSJO = """\
Lindsjö kommun
Socialnämnden
Årsredovisning 2022
Datum: 2023-02-14
Dnr: SN 2023/0042

1 Sammanfattning

Nämnden redovisar ett underskott på 4 710 tkr. Kostnaden för placeringar ökade därför att fler barn
placerades i dyra konsulentstödda familjehem. Dessutom steg dygnskostnaden för HVB.

2 Ekonomi

Verksamhet\tBudget 2022\tBokslut 2022
Placeringar barn\t47 620\t52 330
Försörjningsstöd\t18 900\t17 450

Försörjningsstödet minskade eftersom arbetsmarknaden var god under året.
"""

ASBRO = """\
# Åsbro kommun
# Delårsrapport augusti 2023, vård- och omsorgsnämnden

## Personal

Sjukfrånvaron var 8,4 procent till och med augusti. Det är den lägsta nivån sedan 2019.

## Hemtjänst

Antalet hemtjänsttimmar ökade med 3 procent. Ökningen beror på att fler personer är över 85 år.
"""

NORRVIKA = """\
Norrvika kommun
Barn- och utbildningsnämnden
Verksamhetsberättelse 2021

Skolskjuts

Kostnaden för skolskjuts blev 6 200 tkr. Nytt avtal om skolskjuts tecknades i mars 2021.
"""

REPORTS = {"lindsjo/ar-2022.txt": LINDSJO, "asbro/delar-2023.md": ASBRO, "norrvika/vb-2021.txt": NORRVIKA}


def write_reports(folder: Path, reports: dict[str, str] | None = None) -> Path:
    for name, text in (reports or REPORTS).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


class CountingEncoder(HashEncoder):
    """Remembers what it was given; may fail after some batches."""

    def __init__(self, fail_after: int | None = None, name: str = HashEncoder.name) -> None:
        self.texts: list[str] = []
        self.name = name
        self._left = fail_after

    def encode_passages(self, texts, *, progress=None):
        if self._left is not None:
            if self._left == 0:
                raise RuntimeError("the encoder breaks")
            self._left -= 1
        self.texts += texts
        return super().encode_passages(texts, progress=progress)


def build_small(
    reports: Path, index: Path, *, encoder=None, settings=None, progress=None, into=None, workers=None
) -> BuildSummary:
    return build_index(
        [reports],
        index,
        encoder=encoder or CountingEncoder(),
        settings=settings_from(settings or {}),
        progress=progress,
        into=into,
        workers=workers,
    )
