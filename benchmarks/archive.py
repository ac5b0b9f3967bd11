"""Run an archive, kill it at random points, resume it, and compare its tables with those of an unbroken run.

    python benchmarks/archive.py --documents 1000 --rules-only
    python benchmarks/archive.py --documents 100000 --rules-only --kills 10 --folder /tmp/arkiv

Makes an archive of so many documents in all formats, with broken files in it (`archive_files.py`); has `offtext
analyze` do it unbroken; then again in another folder, killed at random points (the parent, all processes, one worker,
or by SIGTERM), each time begun anew by the same command. Tells whether every document came out once, whether all
tables are byte for byte the same, documents a second and the most memory held. Each run is added to
`benchmarks/results/archive.json`, and `archive.md` is written from all of them.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from archive_files import make_archive  # noqa: E402

CORPORA = HERE.parent.parent / "shared" / "corpora"
RESULTS = HERE / "results" / "archive.json"
KILLS = ("kill -9 of the run", "kill -9 of all its processes", "kill -9 of one worker", "SIGTERM")
SAMPLE_S = 0.5


class Session(NamedTuple):
    """One start of the command: how it ended, how long it took, the most memory of all its processes and of any one."""

    code: int
    seconds: float
    peak_mb: float
    peak_process_mb: float


class Command:
    """`offtext analyze` in a process group of its own, with an eye on its memory."""

    def __init__(self, archive: Path, output: Path, options: list[str]) -> None:
        command = [sys.executable, "-m", "offtext.cli", "analyze", str(archive), "-o", str(output), "--quiet", *options]
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            command, start_new_session=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        self.peak = self.peak_process = 0.0
        self._watch = threading.Thread(target=self._sample, daemon=True)
        self._watch.start()

    def end(self) -> Session:
        """Wait for the end, and for that of every worker."""
        _, errors = self.process.communicate()
        seconds = time.monotonic() - self._started
        self._watch.join()
        until = time.monotonic() + 10
        while processes(self.process.pid) and time.monotonic() < until:
            time.sleep(0.05)
        left = processes(self.process.pid)
        if left:
            raise SystemExit(f"processes outlive the run: {left}")
        if self.process.returncode == 2:
            raise SystemExit(errors.decode())
        return Session(self.process.returncode, seconds, self.peak, self.peak_process)

    def kill(self, how: str) -> None:
        """End the run in one of the ways of `KILLS`; that of a worker lets the run go on."""
        with contextlib.suppress(ProcessLookupError):
            if how == "kill -9 of the run":
                self.process.kill()
            elif how == "SIGTERM":
                self.process.terminate()
            elif how == "kill -9 of all its processes":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                workers = [number for number in processes(self.process.pid) if number != self.process.pid]
                if workers:
                    os.kill(random.choice(workers), signal.SIGKILL)

    def _sample(self) -> None:
        while self.process.poll() is None:
            held = [memory_mb(number) for number in processes(self.process.pid)]
            self.peak, self.peak_process = max(self.peak, sum(held)), max([self.peak_process, *held])
            time.sleep(SAMPLE_S)


def processes(group: int) -> list[int]:
    """Return the living processes of a group (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(int(path.parent.name))
    return found


def memory_mb(number: int) -> float:
    """Return what a process holds, pages shared with others counted by halves, thirds and so on."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def hashes(output: Path) -> dict[str, str]:
    """Return the sha256 of every part of every table."""
    return {
        str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.glob("*/part-*"))
    }


def check(output: Path) -> dict[str, object]:
    """Tell whether every document of the work list is in 'documents' or in 'errors', and once."""
    import offtext
    from offtext.jobs.worklist import Worklist

    results = offtext.open_results(output)
    wanted = Counter(origin.id for origin in Worklist(output / "worklist.parquet"))
    documents = Counter(results.to_arrow("documents", ["id"]).column("id").to_pylist())
    errors = results.to_arrow("errors").to_pylist()
    found = documents + Counter(row["document_id"] for row in errors)
    return {
        "listed": wanted.total(),
        "lost": len(wanted - found),
        "doubled": len(found - wanted),
        "duplicates": results.run["counts"]["duplicates"],
        "errors": dict(sorted(Counter(f"{row['stage']}: {row['error']}" for row in errors).items())),
        "broken": {
            row["document_id"].partition("trasigt/")[2]: row["message"].partition(": ")[2][:90] or row["message"][:90]
            for row in errors
            if "trasigt/" in row["document_id"]
        },
    }


def run(count: int, options: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Make an archive, run it unbroken and broken, and return the figures."""
    archive, unbroken, broken = (folder / f"{count}-{name}" for name in ("arkiv", "obrutet", "brutet"))
    for path in (archive, unbroken, broken):
        shutil.rmtree(path, ignore_errors=True)
    made = make_archive(
        archive,
        count,
        corpora=CORPORA,
        line_mb=options.line_mb,
        plan_pages=options.plan_pages or min(1000, count // 10),
    )
    print(f"{count} documents: {made.bytes / 1e6:.0f} MB on disk", flush=True)
    flags = ["--workers", str(options.workers), "--timeout-s", str(options.timeout_s)]
    flags += ["--rules-only"] if options.rules_only else []
    whole = Command(archive, unbroken, flags).end()
    told = check(unbroken)
    rate = told["listed"] / whole.seconds  # type: ignore[operator]
    print(f"  unbroken: {whole.seconds:.0f} s, {rate:.1f} documents/s, peak {whole.peak_mb:.0f} MB", flush=True)
    figures: dict[str, object] = {
        "documents": count,
        "setting": "rules only" if options.rules_only else "model",
        "workers": options.workers,
        "timeout_s": options.timeout_s,
        "line_mb": options.line_mb,
        "archive_mb": round(made.bytes / 1e6, 1),
        "result_mb": round(sum(path.stat().st_size for path in unbroken.rglob("*") if path.is_file()) / 1e6, 1),
        "worklist_mb": round((unbroken / "worklist.parquet").stat().st_size / 1e6, 3),
        "seconds": round(whole.seconds, 1),
        "documents_per_second": round(rate, 2),
        "peak_mb": round(whole.peak_mb),
        "peak_process_mb": round(whole.peak_process_mb),
        "exit_code": whole.code,
        **told,
    }
    if options.kills:
        figures["killed"] = broken_run(archive, broken, flags, options, whole.seconds)
        same = hashes(broken) == hashes(unbroken)
        figures["killed"] |= {"tables_identical": same, "files": len(hashes(unbroken)), **counted(check(broken))}  # type: ignore[operator]
        print(f"  killed: {figures['killed']}", flush=True)
    if not options.keep:
        for path in (archive, unbroken, broken):
            shutil.rmtree(path, ignore_errors=True)
    return figures


def counted(told: dict[str, object]) -> dict[str, object]:
    return {key: told[key] for key in ("listed", "lost", "doubled")}


def broken_run(
    archive: Path, output: Path, flags: list[str], options: argparse.Namespace, seconds: float
) -> dict[str, object]:
    """Start and kill until there were enough kills, then let it end."""
    dice, kills, sessions = random.Random(options.seed), Counter[str](), 0
    began = time.monotonic()
    while kills.total() < options.kills:
        how = KILLS[kills.total() % len(KILLS)]
        command = Command(archive, output, flags)
        sessions += 1
        # Spread so that the kills fall in the listing, in the first shards and far into the run.
        pause = dice.random() * 1.5 * seconds / options.kills + dice.random() * options.start_s
        with contextlib.suppress(subprocess.TimeoutExpired):
            command.process.wait(pause)
            command.end()
            return {"kills": dict(kills), "sessions": sessions, "note": "done before the last kill"}
        command.kill(how)
        kills[how] += 1
        if how == "kill -9 of one worker":
            time.sleep(dice.random() * 2)
            command.kill("kill -9 of the run")
        command.end()
    last = Command(archive, output, flags).end()
    total = time.monotonic() - began
    return {"kills": dict(kills), "sessions": sessions + 1, "seconds": round(total, 1), "exit_code": last.code}


def to_markdown(runs: list[dict[str, object]]) -> str:
    head = (
        "| documents | setting | workers | archive MB | results MB | seconds | documents/s | peak MB, all processes | "
        "peak MB, largest process | errors | lost or doubled | kills | tables after kills |\n" + "| --- " * 13 + "|\n"
    )
    rows = []
    for run in runs:
        killed = run.get("killed") or {}
        cells = [run[key] for key in ("documents", "setting", "workers", "archive_mb", "result_mb", "seconds")]
        cells += [run["documents_per_second"], run["peak_mb"], run["peak_process_mb"], sum(run["errors"].values())]  # type: ignore[attr-defined]
        kills = sum(killed.get("kills", {}).values())  # type: ignore[attr-defined]
        same = {True: "identical", False: "DIFFERENT", None: ""}[killed.get("tables_identical")]  # type: ignore[attr-defined]
        cells += [f"{run['lost']} / {run['doubled']}", kills, same]
        rows.append(
            "| " + " | ".join(f"{cell:,}" if isinstance(cell, (int, float)) else str(cell) for cell in cells) + " |"
        )
    broken = runs[-1]["broken"] if runs else {}
    told = "\n".join(f"| `{name}` | {message} |" for name, message in sorted(broken.items()))  # type: ignore[attr-defined]
    return (
        "# Archives\n\n`python benchmarks/archive.py` makes the archive, runs it, kills it and goes on; see there. Memory is the "
        "proportional share of all processes, looked at twice a second.\n\n"
        f"{head}{chr(10).join(rows)}\n\n## Broken files, as the last run told them\n\n| file | message |\n| --- | --- |\n{told}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--documents", type=int, nargs="+", default=[1000], help="sizes of archives, each made and run")
    add("--rules-only", action="store_true", help="no model")
    add("--workers", type=int, default=os.cpu_count() or 1)
    add("--kills", type=int, default=10)
    add("--timeout-s", type=float, default=120.0, help="for one document")
    add("--line-mb", type=int, default=100, help="size of the file of one line")
    add(
        "--plan-pages",
        type=int,
        default=0,
        help="pages of the longest plan; default a tenth of the documents, at most 1,000",
    )
    add("--start-s", type=float, default=4.0, help="about what a start of the command takes")
    add("--seed", type=int, default=4)
    add("--folder", type=Path, help="where to work; a temporary folder by default")
    add("--keep", action="store_true", help="leave archive and results there")
    add("--no-results", action="store_true", help="print only")
    options = parser.parse_args()
    earlier = json.loads(RESULTS.read_text(encoding="utf-8"))["runs"] if RESULTS.exists() else []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for count in options.documents:
            figures = run(count, options, folder)
            print(json.dumps(figures, ensure_ascii=False, indent=1))
            if options.no_results:
                continue
            figures["machine"] = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
            same = ("documents", "setting", "workers", "machine")
            earlier = [old for old in earlier if any(old[key] != figures[key] for key in same)] + [figures]
            earlier.sort(key=lambda old: (old["setting"], old["documents"], old["workers"]))
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps({"runs": earlier}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            RESULTS.with_suffix(".md").write_text(to_markdown(earlier), encoding="utf-8")


if __name__ == "__main__":
    main()
