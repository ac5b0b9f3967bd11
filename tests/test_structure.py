"""The house keeps its shape: one direction of imports, short modules, a light face."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import offtext

ROOT = Path(offtext.__file__).parent
# A module may import from those above it in this list, and from its own line.
ORDER = [
    "errors",
    "lexicon",
    "labels",
    "document",
    "record",
    "layout",
    "readers",
    "encoder",
    "layers",
    "tables",
    "metrics",
    "calibration",
    "plot",
    "analysis",
    "pipeline",
    "language",
    "face",
    "jobs",
    "train",
    "cli",
]
# Inside layers/ each may use what stands above it: shared knowledge first, then the layers, which meet in the pipeline.
LAYERS = {
    "registers": set(),
    "grammar": set(),
    "linear": set(),
    "warnings": set(),
    "actors": {"registers", "grammar"},
    "entities": {"actors"},
    "document_type": {"linear"},
    "themes": {"linear"},
    "custom_themes": {"linear"},
    "metadata": set(),
    "quotes": set(),
    "goals": {"grammar"},
    "collaborations": set(),
}
HEAVY = ["torch", "transformers", "pandas", "onnxruntime", "spacy", "pyarrow", "sklearn", "numpy", "tokenizers", "rich"]
MODULES = sorted(ROOT.rglob("*.py"))
LONGEST = 350


def part_of(module):
    return module.split(".")[1] if "." in module else "__init__"


def imports_of(path):
    """The parts of offtext that a module imports at run time; what only type checkers read does not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("offtext"):
            yield from {part_of(node.module)} if "." in node.module else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            yield from (part_of(alias.name) for alias in node.names if alias.name.startswith("offtext."))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path):
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    above = {*ORDER[: ORDER.index(own) + 1], "__version__"}
    assert set(imports_of(path)) <= above, f"{own} may import only from {sorted(above)}"


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_meet_in_the_pipeline_and_not_in_each_other(layer):
    home = ROOT / "layers" / layer
    for path in home.rglob("*.py") if home.is_dir() else [home.with_suffix(".py")]:
        imported = re.findall(
            r"^\s*from offtext\.layers(?:\.(\w+)\S*)? import (\w+)", path.read_text("utf-8"), re.MULTILINE
        )
        used = {module or name for module, name in imported} - {layer}
        assert used <= LAYERS[layer], f"{path.name} uses {used - LAYERS[layer]}"


def test_every_layer_is_in_the_list():
    assert {path.name.removesuffix(".py") for path in (ROOT / "layers").iterdir()} - {"__init__", "__pycache__"} == set(
        LAYERS
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_are_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{lines} lines: two things live in one room"


def test_every_part_is_in_the_order():
    parts = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in MODULES} - {"__init__"}
    assert parts == set(ORDER)


def test_the_face_is_pinned():
    expected = (
        "Analysis Document OfftextError Pipeline __version__ "
        "analyze analyze_all annotate load open_results read read_rows"
    )
    assert offtext.__all__ == expected.split()
    assert all(hasattr(offtext, name) for name in offtext.__all__)


def in_fresh_interpreter(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_import_loads_nothing_heavy():
    code = f"import sys, offtext; print(*[name for name in {HEAVY} if name in sys.modules])"
    assert in_fresh_interpreter(code) == ""


def test_import_is_quick():
    code = "import time; t = time.perf_counter(); import offtext; print(time.perf_counter() - t)"
    assert min(float(in_fresh_interpreter(code)) for _ in range(3)) < 0.3


WITHOUT_EXTRAS = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "transformers", "pandas", "spacy", "datasets", "ftfy", "PIL", "onnx"):
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Missing())
import offtext
from offtext.errors import MissingExtra

found = offtext.analyze("Karin Ek är rektor i Tranås kommun.")
told = []
for call in (found.to_frame, offtext.load):
    try:
        call()
    except MissingExtra as error:
        told.append(error.extra)
print(len(found.actors), *told)
"""


def test_analysis_needs_no_extra_and_what_does_names_it():
    assert in_fresh_interpreter(WITHOUT_EXTRAS) == "2 pandas spacy"
