"""Progress bars with counts and time left, on stderr where it is a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm

STAGES = {
    "reading": "Läser filer",
    "structure": "Tolkar rapporter",
    "embedding": "Beräknar vektorer",
    "adapting": "Anpassar språkmodellen",
    "asking": "Ställer frågor",
}


class Bars:
    """A bar for each stage, in the order in which they begin. A total may grow while a bar runs."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm[Any]] = {}
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Bars:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for bar in self._bars.values():
            bar.close()

    def update(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage has come."""
        if not self._shown or not total:
            return
        bar = self._bars.get(stage) or self._open(stage)
        bar.total = total
        bar.update(done - bar.n)

    def _open(self, stage: str) -> tqdm[Any]:
        from tqdm import tqdm  # 0.1 s, for those who see it

        name = STAGES.get(stage, stage)
        bar = tqdm(desc=name, total=0, file=sys.stderr, position=len(self._bars), dynamic_ncols=True)
        self._bars[stage] = bar
        return bar
