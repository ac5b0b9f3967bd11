"""Compare libraries for web pages and for PDF with the readers of offtext, on pages and prints of known texts.

    python benchmarks/readers.py [--texts 40]

Each text is put into web pages of five makes, between menus, cookie notices and footers, and printed as PDF in four
layouts, with running headers and broken words. What comes back is compared with what went in. The texts are made
here from sentences of our own; those of `../shared/corpora` are added when that folder is there. Writes
`benchmarks/results/readers.{json,md}`. Needs `pip install trafilatura readability-lxml justext selectolax
pdfplumber pypdf reportlab markdown-it-py`.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import platform
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))
sys.path.insert(0, str(HERE))

from readers_pages import PAGES, PRINTS  # noqa: E402

from offtext.readers.contract import Raw  # noqa: E402

SENTENCES = """Kommunen bygger tre förskolor i Norra Tuna under nästa år.|Det har varit ett tålmodigt arbete i flera led.
Vi har vägt för- och nackdelar mot varandra innan vi bestämde oss.|Kommunens nya e-tjänst öppnade i måndags.
IT-chefen ser gärna att fler grannkommuner går med i samarbetet.|Avtalet gäller till och med den 31 december 2026.
Regionen, länsstyrelsen och sju kommuner delar på kostnaden.|Nämnden beslutar att återremittera ärendet.
Budgeten för kollektivtrafiken räcker bl.a. till tätare turer på kvällarna.|Samverkansavtalet ses över vart tredje år.
Föreningslivet har varit med från början.|Utvärderingen visade att elevernas närvaro ökade med 12 procent.
Handläggningstiderna har halverats sedan förvaltningarna slogs ihop.|Det gäller framför allt äldreomsorgen.
En medborgardialog hölls i Folkets hus, där ett hundratal invånare lämnade synpunkter.|Ingen har hittills överklagat.
Målet är att utsläppen ska minska med hälften till 2030.|Näringslivskontoret samordnar insatserna.
Kunskapsutbytet mellan socialtjänsten och skolan sker i fasta former.|Arbetsgruppen lämnar sin slutrapport i höst.""".replace(
    "\n", "|"
).split("|")
NAMES = ("Maja Lindqvist", "Örjan Åkesson", "Fatima Nordh", "Per-Olof Ek")


def own_text(seed: int) -> str:
    """Return an invented document as Markdown: heading, sections, quotes, a list."""
    dice = random.Random(seed)

    def paragraph(count: int) -> str:
        return " ".join(dice.choice(SENTENCES) for _ in range(count))

    parts = [f"# {dice.choice(SENTENCES).rstrip('.')}", paragraph(2)]
    for section in range(dice.randint(2, 7)):
        parts.append(f"## {section + 1} {dice.choice(('Bakgrund', 'Så gick det till', 'Nästa steg', 'Ekonomi'))}")
        parts += [paragraph(dice.randint(2, 7)) for _ in range(dice.randint(1, 3))]
        parts.append(f"– {dice.choice(SENTENCES).rstrip('.')}, säger {dice.choice(NAMES)}.")
        if section % 2:
            parts.append("\n".join(f"- {dice.choice(SENTENCES)}" for _ in range(3)))
    return "\n\n".join(parts)


def corpus_texts(count: int) -> Iterator[str]:
    """Yield plain, longer texts of the shared corpora when they are there."""
    folder = HERE.parent.parent / "shared" / "corpora"
    for name in (
        "municipal/suntarbetsliv",
        "municipal/botkyrka",
        "regeringen/pressmeddelanden",
        "regeringen/kommittedirektiv",
    ):
        path = folder / f"{name}.jsonl.gz"
        if not path.exists():
            continue
        taken = 0
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["text"]
                if 1500 < len(text) < 12_000 and not re.search(r"[<>|\[\]\\`\x00-\x08]|https?:", text):
                    yield text
                    taken += 1
                    if taken >= count // 4:
                        break


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.lower())


def f1(truth: Counter[object], found: Counter[object]) -> float:
    common = (truth & found).total()
    return 2 * common / max(1, truth.total() + found.total())


def paragraphs(text: str) -> Counter[object]:
    bare = (
        re.sub(r"\s+", " ", re.sub(r"^[\s#>*|_-]+|[*_|\s]+$", "", part)).strip()
        for part in re.split(r"\n\s*\n|\n(?=[-–] )", text)
    )
    return Counter(part for part in bare if part)


def score(truth: str, found: str, junk: list[str]) -> dict[str, float]:
    one, other = words(truth), words(found)
    flat = " ".join(found.split())
    return {
        "words": f1(Counter(one), Counter(other)),
        "order": f1(Counter(pairwise(one)), Counter(pairwise(other))),
        "paragraphs": f1(paragraphs(truth), paragraphs(found)),
        **({"junk": sum(line in flat for line in junk) / len(junk)} if junk else {}),
    }


def web_candidates() -> dict[str, tuple[str, Callable[[str], str]]]:
    import justext
    import lxml.html
    import readability
    import selectolax.lexbor
    import trafilatura

    from offtext.readers import html as own

    stop = justext.get_stoplist("Swedish")

    def by_readability(page: str) -> str:
        article = readability.Document(page).summary()
        root = lxml.html.fromstring(article)
        return "\n\n".join(e.text_content() for e in root.iter("h1", "h2", "h3", "p", "li", "td", "blockquote"))

    return {
        "offtext (lxml)": ("lxml", lambda page: own.read(Raw("x.html", page.encode())).text),
        "trafilatura": ("trafilatura", lambda page: trafilatura.extract(page, output_format="markdown", include_tables=True, include_comments=False) or ""),
        "readability-lxml": ("readability-lxml", by_readability),
        "justext": ("jusText", lambda page: "\n\n".join(p.text for p in justext.justext(page.encode(), stop) if not p.is_boilerplate)),
        "selectolax, all text": ("selectolax", lambda page: selectolax.lexbor.LexborHTMLParser(page).body.text(separator="\n\n")),
    }  # fmt: skip


def pdf_candidates() -> dict[str, tuple[str, Callable[[bytes], str]]]:
    import pdfminer.high_level
    import pdfplumber
    import pypdf
    import pypdfium2

    from offtext.readers import pdf as own

    def by_pdfium(data: bytes) -> str:
        with pypdfium2.PdfDocument(data) as document:
            return "\n\n".join(page.get_textpage().get_text_range() for page in document)

    def by_plumber(data: bytes) -> str:
        with pdfplumber.open(io.BytesIO(data)) as document:
            return "\n\n".join(page.extract_text() or "" for page in document.pages)

    return {
        "offtext (pypdfium2)": ("pypdfium2", lambda data: own.read(Raw("x.pdf", data)).text),
        "pypdfium2": ("pypdfium2", by_pdfium),
        "pypdf": ("pypdf", lambda data: "\n\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)),
        "pdfminer.six": ("pdfminer.six", lambda data: pdfminer.high_level.extract_text(io.BytesIO(data))),
        "pdfplumber": ("pdfplumber", by_plumber),
    }  # fmt: skip


MEASURES = ("words", "order", "paragraphs", "junk")


def mean(scores: list[dict[str, float]], key: str) -> float:
    return round(statistics.mean(one[key] for one in scores if key in one), 4)


def compare(candidates: dict, makers: dict, texts: list[str]) -> dict[str, dict]:
    results: dict[str, dict] = {}
    made = [(make, text, *maker(text, number)) for make, maker in makers.items() for number, text in enumerate(texts)]
    for name, (package, extract) in candidates.items():
        scores: dict[str, list[dict[str, float]]] = {}
        extract(made[0][2])  # imports and tables are loaded before the clock starts
        spent = 0.0
        for make, text, data, junk in made:
            begin = time.process_time()
            found = extract(data)
            spent += time.process_time() - begin
            scores.setdefault(make, []).append(score(text, found, junk))
        every = [one for group in scores.values() for one in group]
        results[name] = {
            "package": f"{package} {version(package)}",
            **{key: mean(every, key) for key in MEASURES},
            "ms": round(1000 * spent / len(made), 2),
            "by_make": {make: {key: mean(group, key) for key in MEASURES} for make, group in scores.items()},
        }
        print(name, {key: value for key, value in results[name].items() if key != "by_make"}, flush=True)
    return results


def encodings(texts: list[str]) -> dict[str, dict[str, float]]:
    """Return the share of texts whose characters come back, by encoding and detector."""
    import charset_normalizer

    from offtext.readers.decoding import decode

    def normalizer(data: bytes) -> str:
        best = charset_normalizer.from_bytes(data).best()
        return str(best) if best else ""

    shares: dict[str, dict[str, float]] = {}
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "iso8859-1", "mac_roman", "cp850"):
        hits = {"offtext": 0, "charset-normalizer": 0}
        pieces = [text[:length] for text in texts for length in (120, 1500)]
        written = [
            (piece, data)
            for piece in pieces
            if piece.encode(encoding, "ignore").decode(encoding)
            for data in [piece.encode(encoding, "ignore")]
        ]
        for _, data in written:
            expected = data.decode(encoding)
            hits["offtext"] += decode(data).text == expected
            hits["charset-normalizer"] += normalizer(data).removeprefix("\ufeff") == expected
        shares[encoding] = {name: round(count / len(written), 4) for name, count in hits.items()}
    return shares


def table(results: dict[str, dict], unit: str) -> str:
    head = f"| | words F1 | order F1 | paragraphs F1 | junk kept | ms a {unit} | version |\n| --- | --- | --- | --- | --- | --- | --- |\n"
    return head + "\n".join(
        f"| {name} | {r['words']:.3f} | {r['order']:.3f} | {r['paragraphs']:.3f} | {r['junk']:.3f} | {r['ms']:.1f} | {r['package']} |"
        for name, r in results.items()
    )


def by_make(results: dict[str, dict]) -> str:
    makes = list(next(iter(results.values()))["by_make"])
    lines = [f"| order F1 / junk kept | {' | '.join(makes)} |", "| --- |" + " --- |" * len(makes)]
    for name, r in results.items():
        cells = (f"{r['by_make'][make]['order']:.3f} / {r['by_make'][make]['junk']:.2f}" for make in makes)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=40)
    count = parser.parse_args().texts
    own = [own_text(seed) for seed in range(count)]
    shared = list(corpus_texts(count))
    texts = own + shared
    print(f"{len(own)} own texts, {len(shared)} of the shared corpora")
    web = compare(web_candidates(), PAGES, texts)
    pdf = compare(pdf_candidates(), PRINTS, texts)
    letters = encodings(texts)
    results = {
        "texts": {"own": len(own), "shared": len(shared)},
        "machine": {"python": platform.python_version(), "system": platform.platform()},
        "web": web, "pdf": pdf, "encodings": letters,
    }  # fmt: skip
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    (folder / "readers.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    rows = "\n".join(f"| {name} | {s['offtext']:.3f} | {s['charset-normalizer']:.3f} |" for name, s in letters.items())
    (folder / "readers.md").write_text(
        f"# Readers\n\n{len(own)} own and {len(shared)} corpus texts, each in {len(PAGES)} makes of web page and "
        f"{len(PRINTS)} layouts of print. words: bag of words; order: word pairs; paragraphs: whole paragraphs as they "
        f"were; junk kept: share of the page's other lines still there (for prints: of those with two pages or more, since nothing runs on a single page). Milliseconds are processor time of one thread.\n\n## Web pages\n\n{table(web, 'page')}\n\n"
        f"{by_make(web)}\n\n## PDF\n\n{table(pdf, 'file')}\n\n{by_make(pdf)}\n\n## Encodings\n\nShare of texts (120 and "
        f"1,500 characters) that come back letter by letter.\n\n| | offtext | charset-normalizer |\n| --- | --- | --- |\n{rows}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
