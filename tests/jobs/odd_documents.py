"""An analyst whose documents do as they say: hang, crash, or take their time. Imported by worker processes too."""

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from offtext.jobs.batch import Analyst, Shape
from offtext.jobs.run import analyze_archive
from offtext.jobs.sources import load
from offtext.pipeline import Pipeline

TEXT = "Enligt {name} Ek, rektor i Tranås kommun, börjar skola nummer {n} i höst."


@dataclass(frozen=True)
class Odd:
    """Makes an analyst by rules alone; `pause_s` is what each document takes."""

    shape: Shape = field(default_factory=Shape)
    pause_s: float = 0.0
    layers: tuple[str, ...] | None = ("actors",)

    def __call__(self):
        return Analyst(Pipeline(model=None, layers=self.layers), self.load, self.shape)

    def load(self, origin):
        document = load(origin)
        time.sleep(self.pause_s)
        for word, act in ACTS.items():
            if word in document.text:
                act(document)
        return document


def once(document):
    """Take the worker down at the first try only; the file beside the document remembers."""
    mark = Path(document.source.path + ".seen")
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


ACTS = {
    "SEGFAULT": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    "OOM": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "EXIT": lambda _: os._exit(7),
    "HANG": lambda _: time.sleep(600),
    "ONCE": once,
    "GREEDY": lambda _: bytearray(4 << 30),
}


class BombPipeline(Pipeline):
    """Ends the process where a text with a bomb is encoded."""

    encodes = True

    def __init__(self):
        super().__init__(model=None, layers=["actors"])

    def encode(self, layouts):
        if any("Bomb" in layout.text for layout in layouts):
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().encode(layouts)


class BombInEncoder(Odd):
    def __call__(self):
        return Analyst(BombPipeline(), self.load, self.shape)


def broken_factory():
    raise ValueError("no such thing")


def dying_factory():
    os.kill(os.getpid(), signal.SIGKILL)


def make_archive(folder, count=24, names=("Karin", "Åsa", "Omar")):
    """Write `count` texts, each of its own length, in two folders."""
    for n in range(count):
        path = folder / f"{n % 2}" / f"brev {n:03d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = " ".join(TEXT.format(name=names[n % len(names)], n=n) for _ in range(1 + n * 7 % 5))
        path.write_text(text, encoding="utf-8")
    return folder


if __name__ == "__main__":  # a slow run to be killed: archive, results, seconds a document
    archive, results, pause_s = sys.argv[1:]
    try:
        analyze_archive([archive], results, model=None, workers=2, shard_size=4, factory=Odd(pause_s=float(pause_s)))
    except KeyboardInterrupt as interrupted:
        sys.exit(128 + interrupted.number)
