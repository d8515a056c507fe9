"""What is kept between pages: of the generations that were, no more than one."""

import gc
import weakref

from rapportsvar.app import kept
from rapportsvar.config import settings_from
from rapportsvar.engine.engine import build
from rapportsvar.index.manifest import read_manifest

HASH = settings_from({"embedding": {"model": "hash"}})
REPORT = (
    "# Årsredovisning 2022\n\nProvby kommun\nTekniska nämnden\n\n## Lekplatser\n\nLekplats {} rustades upp.\n"
)


def test_earlier_generations_are_let_go(tmp_path, monkeypatch):
    reports, index = tmp_path / "reports", tmp_path / "index"
    reports.mkdir()
    monkeypatch.setenv("RAPPORTSVAR_INDEX", str(index))
    (tmp_path / "rapportsvar.toml").write_text('[embedding]\nmodel = "hash"\n', encoding="utf-8")
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(tmp_path / "rapportsvar.toml"))
    opened = []
    for number in range(4):
        (reports / "lek.md").write_text(REPORT.format(number), encoding="utf-8")
        build([reports], index, HASH)
        engine = kept.engine()
        assert engine.index.manifest.generation == read_manifest(index).generation
        for known in (kept.shelf, kept.examples, kept.limits, kept.tables, kept.measures):
            known(engine)
        opened.append(weakref.ref(engine.index.store))
        del engine
    gc.collect()
    assert [ref() is not None for ref in opened] == [False, False, True, True]
