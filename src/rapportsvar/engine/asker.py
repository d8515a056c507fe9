"""The engine as the evaluation sees it: it answers by the JSON contract, and says what it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rapportsvar import __version__
from rapportsvar.engine.contract import answer_json
from rapportsvar.engine.engine import Engine


class EngineAsker:
    """Asks an engine, by the protocol ``evaluation.run.Asker``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, question: str, history: Sequence[str] = ()) -> dict[str, Any]:
        """Return the answer as the JSON contract has it."""
        return answer_json(self._engine.ask(question, history))

    def sources(self) -> list[str]:
        """Return the sources of all reports."""
        return self._engine.sources()

    def text(self, source: str) -> str:
        """Return the text that offsets into ``source`` refer to."""
        return self._engine.text(source)

    def describe(self) -> dict[str, Any]:
        """Return version, model, settings, and what tells one index from another."""
        manifest = self._engine.index.manifest
        return {
            "version": __version__,
            "model": self._engine.encoder.name,
            "settings": asdict(self._engine.settings),
            "index": {
                "generation": manifest.generation,
                "created": manifest.created,
                "fingerprint": manifest.fingerprint,
                "sources_sha256": sources_sha256(self._engine),
                "counts": dict(manifest.counts),
            },
        }


def sources_sha256(engine: Engine) -> str:
    """Return what tells the reports of one index from those of another."""
    sources = json.dumps(dict(engine.index.manifest.sources), sort_keys=True).encode("utf-8")
    return hashlib.sha256(sources).hexdigest()
