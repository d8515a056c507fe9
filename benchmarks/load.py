"""The application under many users at once: questions, searches, and uploads meanwhile. ::

    python benchmarks/load.py INDEX GOLD.jsonl [--users 60] [--minutes 15] [--uploads-every 20]

The server is the application's own, over a copy of the index. A user is a session of it, driven over HTTP by
Streamlit's agent interface (switched on for this run only): pages are drawn and answered as for a browser,
what a browser does with them is left out. Each user asks, waits as a reader would, searches, and asks again.
Uploads come from one real Chromium where there is one. Exit status 1 where anything failed.

Told are, for each kind, how many, median, 95th percentile and longest; what was sent away; errors; and
the server's memory after the first tenth of the time and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rapportsvar.app import texts

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
AGENT = "_stcore/agent/interact"
SENT_AWAY = texts.ERRORS["TooManyAtOnce"]
PAUSE_SECONDS = (5, 25)
"""Between two things that a user does: to read an answer takes longer than to get it."""
WAIT_SECONDS = 120
START_SECONDS = 120
REPORT = (
    "# Årsredovisning 2022\n\nProvby kommun\nTekniska nämnden\n\n## Lekplatser\n\n"
    "Lekplats {} rustades för {} tkr.\n"
)


@dataclass
class Told:
    """What happened, by kind: seconds of each, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sent_away: int = 0
    errors: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    """What is put on."""

    base: str
    questions: list[str]
    until: float


class User:
    """One session, and what it does."""

    def __init__(self, load: Load, told: Told, number: int) -> None:
        self._load, self._told = load, told
        self._chance = random.Random(number)
        self._session: str | None = None

    async def live(self) -> None:
        """Ask and search until the time is over."""
        await asyncio.sleep(self._chance.uniform(0, PAUSE_SECONDS[1]))  # they do not come all at once
        while time.monotonic() < self._load.until:
            question = self._chance.choice(self._load.questions)
            if self._chance.random() < 0.7:
                await self._do("question", page="", query_params={"q": [question]})
            else:
                words = " ".join(self._chance.sample(question.split(), k=min(2, len(question.split()))))
                await self._do("search", page="sok", query_params={"ord": [words]})
            await asyncio.sleep(self._chance.uniform(*PAUSE_SECONDS))

    async def _do(self, kind: str, **what: Any) -> None:
        request = {**what, **({"session_id": self._session} if self._session else {})}
        began = time.perf_counter()
        try:
            content = await asyncio.to_thread(_post, f"{self._load.base}/{AGENT}", request)
        except OSError as failed:
            body = failed.read().decode()[:300] if hasattr(failed, "read") else ""
            self._told.errors.append(f"{kind}: {failed} {body}")
            self._session = None
            return
        self._told.seconds[kind].append(time.perf_counter() - began)
        self._session = content.get("session_id")
        drawn = json.dumps(content, ensure_ascii=False)
        if SENT_AWAY in drawn:
            self._told.sent_away += 1
        elif texts.WENT_WRONG in drawn or '"type": "exception"' in drawn or "innehall" not in drawn:
            self._told.errors.append(f"{kind}: {drawn[:300]}")


def _post(address: str, content: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        address, json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


async def upload(load: Load, told: Told, every: float) -> None:
    """Take a small report in, again and again, by a browser."""
    from playwright.async_api import Error, async_playwright

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        number = 0
        while time.monotonic() < load.until:
            number += 1
            page = await chromium.new_page()
            began = time.perf_counter()
            try:
                await page.goto(f"{load.base}/rapporter?lagg-till=1")
                text = REPORT.format(number, 100 + number).encode()
                file = {"name": f"prov{number}.md", "mimeType": "text/plain", "buffer": text}
                await page.locator('input[type="file"]').set_input_files([file], timeout=WAIT_SECONDS * 1000)
                await page.locator(".outcomes > ul > li").wait_for(timeout=WAIT_SECONDS * 1000)
                told.seconds["upload"].append(time.perf_counter() - began)
            except Error as failed:
                told.errors.append(f"upload: {failed}")
            await page.close()
            await asyncio.sleep(every)
        await chromium.close()


async def watch(process: int, load: Load, told: Told) -> None:
    """Note the server's memory, every second."""
    while time.monotonic() < load.until:
        status = Path(f"/proc/{process}/status").read_text()
        told.memory_mb.append(int(status.split("VmRSS:")[1].split()[0]) / 1000)
        await asyncio.sleep(1)


async def run(load: Load, users: int, every: float, process: int) -> Told:
    """Put the load on; return what happened."""
    told = Told()
    asyncio.get_running_loop().set_default_executor(_threads(users))
    work = [User(load, told, number).live() for number in range(users)]
    if every and CHROMIUM.exists():
        work.append(upload(load, told, every))
    await asyncio.gather(*work, watch(process, load, told))
    return told


def _threads(users: int) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(users + 4)


def tell(told: Told, users: int, minutes: float) -> None:
    """Print what happened."""
    now = datetime.now(UTC).isoformat(timespec="minutes")
    print(
        f"{now}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {users} users, {minutes:g} min"
    )
    for kind, seconds in told.seconds.items():
        ordered = sorted(seconds)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        middle = statistics.median(ordered)
        print(
            f"{kind:10} {len(ordered):6} median {middle:.2f} s, p95 {p95:.2f} s, longest {ordered[-1]:.2f} s"
        )
    memory = told.memory_mb
    early = memory[len(memory) // 10] if memory else 0
    print(f"memory     {early:.0f} MB after a tenth, {memory[-1] if memory else 0:.0f} MB at the end")
    print(f"sent away  {told.sent_away}")
    print(f"errors     {len(told.errors)}")
    for error in told.errors[:5]:
        print(f"    {error}")


def main() -> int:
    """Serve, put the load on, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--users", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--uploads-every", type=float, default=20, metavar="SECONDS", help="0: none")
    parser.add_argument("--port", type=int, default=8599)
    chosen = parser.parse_args()
    lines = chosen.gold.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as aside:
        index = Path(aside) / "index"
        shutil.copytree(chosen.index, index)
        server = _serve(index, chosen.port, chosen.users)
        try:
            base = f"http://127.0.0.1:{chosen.port}"
            _wait_for(f"{base}/health")
            load = Load(base, questions, time.monotonic() + chosen.minutes * 60)
            told = asyncio.run(run(load, chosen.users, chosen.uploads_every, server.pid))
        finally:
            server.terminate()
            server.wait(timeout=30)
    tell(told, chosen.users, chosen.minutes)
    return 1 if told.errors else 0


def _serve(index: Path, port: int, users: int) -> subprocess.Popen[bytes]:
    options = {
        "server.port": port, "server.address": "127.0.0.1", "server.headless": "true",
        "server.enableAgentApi": "true", "server.agentMaxSessions": users * 2,
        "server.agentWaitTimeout": WAIT_SECONDS,
    }  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [part for key, value in options.items() for part in (f"--{key}", str(value))]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "RAPPORTSVAR_INDEX": str(index)})


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(address)


if __name__ == "__main__":
    sys.exit(main())
