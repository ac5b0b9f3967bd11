"""How right the library is, layer by layer, on annotated documents that no layer was made on.

usage: python benchmarks/accuracy.py [--annotations FOLDER] [--split dev] [--talbanken FILE]

Writes benchmarks/results/accuracy.json and accuracy.md, and the table in README.md: rules alone and with the model, with
95 % intervals over documents; the own-written corpora/examples beside it; named entities against a held-out tenth of UNER Swedish
Talbanken when its file is there.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import gold as annotations
from standoff import read_annotations, standoff

import offtext
from offtext.document import Document
from offtext.metrics import COUNTED, DocumentScore, figures, intervals, score_document
from offtext.pipeline import DEFAULT_MODEL, Pipeline

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared"
SETTINGS = {"rules": None, "rules and model": DEFAULT_MODEL}
TOLD = (
    "speaker of found quote",
    "org_type",
    "role",
    "party",
    "affiliation",
    "goal kind",
    "goal holder",
    "goal beneficiary",
    "goal deadline",
    "meta date",
    "meta diary_number",
    "meta sender",
    "meta recipient",
    "meta signatory",
)
SHOWN = {  # the README's rows
    "document type, accuracy": "doc_type accuracy",
    "mentions of persons": "mention person",
    "mentions of organisations": "mention organisation",
    "actors": "actor",
    "direct quotes": "quote direct",
    "direct quotes with the right speaker": "quote direct+speaker",
    "indirect quotes": "quote indirect",
    "goals": "goal",
    "themes of sentences": "theme sentence",
    "collaborations (pairs)": "tie",
}
README = HERE.parent / "README.md"
GROUPED = ("mention", "quote+speaker", "goal", "theme sentence")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--annotations", type=Path, default=SHARED / "annotations")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--talbanken", type=Path, default=SHARED / "corpora/uner/sv_talbanken-ud-train.iob2")
    parser.add_argument("--output", type=Path, default=HERE / "results")
    options = parser.parse_args()
    if not options.annotations.exists():
        parser.error(f"no annotations in {options.annotations}; name their folder with --annotations")

    documents = annotations.load(options.annotations, options.split)
    report: dict[str, Any] = {
        "made": date.today().isoformat(),
        "offtext": offtext.__version__,
        "python": platform.python_version(),
        "split": options.split,
        "documents": len(documents),
        "settings": {},
    }
    scores: list[DocumentScore] = []
    for name, model in SETTINGS.items():
        scores = list(score(documents, Pipeline(model=model)))
        report["settings"][name] = figures(scores)
    spread = intervals(scores, ["doc_type accuracy", *COUNTED])  # of the last setting, the one users get
    report["intervals"] = {row: list(bounds) for row, bounds in spread.items()}
    report["publishers"] = by_group(scores, [publisher(d.source) for d in documents])
    report["types"] = by_group(scores, [d.gold["doc_type"] for d in documents])
    report["examples"] = figures(list(score(examples(), Pipeline())))
    if options.talbanken.exists():
        report["UNER Talbanken"] = {
            name: entity_figures(options.talbanken, Pipeline(model=model)) for name, model in SETTINGS.items()
        }
    options.output.mkdir(exist_ok=True)
    (options.output / "accuracy.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    (options.output / "accuracy.md").write_text(markdown(report), encoding="utf-8")
    write_readme(report)
    print(markdown(report))


def examples() -> list[annotations.Annotated]:
    """Return the own-written examples as their readers give them: no layer was fitted on them."""
    corpora = HERE.parent / "corpora"
    found = []
    for note in read_annotations(corpora / "annotations" / "examples.jsonl"):
        text = offtext.read(corpora / "examples" / note["file"]).text
        found.append(annotations.Annotated(note["id"], text, standoff(text, note), "own"))
    return found


def write_readme(report: dict[str, Any]) -> None:
    """Put the figures between the marks in the README."""
    own, dev = report["examples"], report["settings"][list(SETTINGS)[-1]]
    rows = ["| F | dev | 95 % | own examples |", "| --- | ---: | ---: | ---: |"]
    for name, row in SHOWN.items():
        values = [figure["f"] if isinstance(figure, dict) else figure for figure in (dev[row], own[row])]
        low, high = report["intervals"][row]
        rows.append(f"| {name} | {percent(values[0])} | {percent(low)}–{percent(high)} | {percent(values[1])} |")
    documents = len(examples())
    rows += [
        "",
        f"dev: {report['documents']} documents of {len(report['publishers'])} publishers; own examples: {documents} documents in `corpora/examples`.",
    ]
    text = README.read_text(encoding="utf-8")
    before, rest = text.split("<!-- accuracy -->", 1)
    after = rest.split("<!-- /accuracy -->", 1)[1]
    shown = "\n".join(rows)
    README.write_text(f"{before}<!-- accuracy -->\n{shown}\n<!-- /accuracy -->{after}", encoding="utf-8")


def score(documents: Sequence[annotations.Annotated], pipeline: Pipeline) -> Iterable[DocumentScore]:
    items = (Document.from_text(document.text, id=document.id) for document in documents)
    for document, found in zip(documents, pipeline.analyze_all(items), strict=True):
        if found.error:
            raise RuntimeError(f"{found.id}: {found.error}")
        yield score_document(document.gold, found.to_dict())


def publisher(source: str) -> str:
    return "regeringen.se" if source.split("/")[0] not in MUNICIPAL else source.split("/")[0]


MUNICIPAL = frozenset(
    [
        "botkyrka",
        "digidemlab",
        "jobtech",
        "kungsbacka",
        "malmo",
        "mynewsdesk",
        "openup",
        "party_programmes",
        "student_minutes",
        "suntarbetsliv",
    ]
)


def by_group(scores: Sequence[DocumentScore], groups: Sequence[str]) -> dict[str, dict[str, Any]]:
    members: dict[str, list[DocumentScore]] = defaultdict(list)
    for group, each in zip(groups, scores, strict=True):
        members[group].append(each)
    return {
        group: {
            "documents": len(own),
            "doc_type accuracy": statistics.mean(g == f for g, f in (s.doc_type for s in own)),
            **{row: figures(own)[row]["f"] if figures(own)[row]["gold"] else None for row in GROUPED},
        }
        for group, own in sorted(members.items(), key=lambda item: -len(item[1]))
    }


def entity_figures(path: Path, pipeline: Pipeline) -> dict[str, Any]:
    """Score `entities` on the tenth of the data set that was held out of training, by label: exact span and label."""
    from offtext.layers.entities import find_entities
    from offtext.layout import parse
    from offtext.train.multitask.corpus import iob

    hits, wanted, given = Counter[str](), Counter[str](), Counter[str]()
    held = [example for n, example in enumerate(iob(path, source="talbanken", token=1, tag=2)) if n % 10 == 0]
    layouts = [parse(example.text) for example in held]
    for example, layout, states in zip(held, layouts, pipeline.encode(layouts), strict=True):
        spans = {(s.start, s.end, s.label) for s in example.spans["entities"]}
        found = {(e.start, e.end, e.label) for e in find_entities(layout, states)}
        for counter, items in ((hits, spans & found), (wanted, spans), (given, found)):
            counter.update(label for _, _, label in items)
    out = {}
    for label in ("PER", "ORG", "LOC", "all"):
        h, w, g = (sum(c.values()) if label == "all" else c[label] for c in (hits, wanted, given))
        out[label] = {
            "p": h / g if g else 0.0,
            "r": h / w if w else 0.0,
            "f": 2 * h / (w + g) if w + g else 0.0,
            "gold": w,
        }
    return out


def markdown(report: dict[str, Any]) -> str:
    names = list(report["settings"])
    out = [
        f"# Accuracy on {report['documents']} annotated documents ({report['split']})",
        "",
        f"offtext {report['offtext']}, {report['made']}. F in percent; P and R for the last setting, the one users get;",
        "the interval is 95 % over documents (bootstrap). Definitions: `offtext.metrics`.",
        "",
        f"| layer | {' | '.join(names)} | 95 % | P | R | annotated |",
        f"| --- |{' ---: |' * (len(names) + 4)}",
    ]
    for row in ("doc_type accuracy", *COUNTED, "goal touched"):
        values = [report["settings"][name][row] for name in names]
        cells = [percent(v["f"] if isinstance(v, dict) else v) for v in values]
        low_high = report["intervals"].get(row)
        cells.append(f"{percent(low_high[0])}–{percent(low_high[1])}" if low_high else "")
        last = values[-1]
        cells += (
            [percent(last["p"]), percent(last["r"]), str(last["gold"])]
            if isinstance(last, dict)
            else ["", "", str(report["documents"])]
        )
        out.append(f"| {row} | {' | '.join(cells)} |")
    for row in ("doc_type macro F1", "theme sentence macro F1", "theme doc mean AP", "theme doc mean AUROC"):
        cells = [percent(report["settings"][name][row]) for name in names]
        out.append(f"| {row} | {' | '.join(cells)} | | | | |")
    out += [
        "",
        "What is told of what was found (share right):",
        "",
        f"| question | {' | '.join(names)} | asked |",
        f"| --- |{' ---: |' * (len(names) + 1)}",
    ]
    for question in TOLD:
        answers = [report["settings"][name].get(f"{question} accuracy") for name in names]
        if answers[-1]:
            out.append(
                f"| {question} | {' | '.join(percent(a['accuracy']) if a else '' for a in answers)} | {answers[-1]['of']} |"
            )
    out += [
        "",
        "Themes (last setting):",
        "",
        "| theme | sentence F | document AP | document AUROC | documents |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for theme, row in report["settings"][names[-1]]["by theme"].items():
        out.append(
            f"| {theme} | {percent(row['sentence F1'])} | {percent(row['doc AP'])} | {percent(row['doc AUROC'])} | {row['docs']} |"
        )
    for title, key in (("Publishers", "publishers"), ("Document types", "types")):
        out += [
            "",
            f"{title} (last setting):",
            "",
            f"| {title.lower()} | documents | doc_type | {' | '.join(GROUPED)} |",
            f"| --- |{' ---: |' * (2 + len(GROUPED))}",
        ]
        for group, row in report[key].items():
            out.append(
                f"| {group} | {row['documents']} | {percent(row['doc_type accuracy'])} | {' | '.join(percent(row[g]) for g in GROUPED)} |"
            )
    out += [
        "",
        "Own-written examples (`corpora/examples`; no layer was fitted on them, but their errors were read):",
        "",
    ]
    out += ["| layer | F | P | R | annotated |", "| --- | ---: | ---: | ---: | ---: |"]
    out += [f"| doc_type accuracy | {percent(report['examples']['doc_type accuracy'])} | | | |"]
    for row in (*COUNTED, "goal touched"):
        e = report["examples"][row]
        out.append(f"| {row} | {percent(e['f'])} | {percent(e['p'])} | {percent(e['r'])} | {e['gold']} |")
    if entities := report.get("UNER Talbanken"):
        out += [
            "",
            "Named entities, UNER Swedish Talbanken (a tenth of its train part, held out of training):",
            "",
            "| label | annotated | " + " | ".join(entities) + " |",
            "| --- | ---: |" + " ---: |" * len(entities),
        ]
        for label in ("PER", "ORG", "LOC", "all"):
            figures_of = [by_label[label] for by_label in entities.values()]
            told = " | ".join(f"{percent(e['f'])} (P {percent(e['p'])}, R {percent(e['r'])})" for e in figures_of)
            out.append(f"| {label} | {figures_of[0]['gold']} | {told} |")
    return "\n".join(out) + "\n"


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


if __name__ == "__main__":
    main()
