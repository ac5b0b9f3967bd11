"""A tiny random network with every head, exported the way the real one is: no network, no large files."""

import json
import shutil
import string
import warnings
from types import SimpleNamespace

import pytest

LETTERS = " ".join(f"{string.ascii_letters}åäöÅÄÖ{string.digits}.,:;–?!\ufffd")
# "Tranås" falls apart into pieces, the rest are pieces of their own
WORDS = ["Karin Ek är rektor i Tran kommun", "Hej vi ses på torsdag eller hur ord", LETTERS]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The network in torch as `exact`, its folders in single precision (`whole`) and in 8 bits (`small`)."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    pytest.importorskip("onnx")
    pytest.importorskip("onnxscript")
    from tiny_models import tiny

    from offtext.train.manifest import write_manifest
    from offtext.train.multitask.export import export_onnx
    from offtext.train.multitask.network import Network
    from offtext.train.multitask.run import tokenizer_of
    from offtext.train.multitask.torch_encoder import TorchEncoder, describe

    home = tmp_path_factory.mktemp("tiny")
    checkpoint = tiny("xlm-roberta", home / "checkpoint", WORDS, positions=66)
    torch.manual_seed(2)  # the heads
    network = Network(checkpoint, attention="eager").eval()
    with torch.no_grad():  # scores as far apart as a trained network's
        for head in network.heads.values():
            head.weight.mul_(4)
    for name in ("whole", "small"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter warns of its own future
            export_onnx(network, home / name, longest=network.longest, quantise=name == "small")
        shutil.copy(checkpoint / "tokenizer.json", home / name)
        write_manifest(home / name, {**describe(network, 256), "name": "tiny", "version": "1"})
    exact = TorchEncoder(network, tokenizer_of(str(checkpoint)), length=256)
    return SimpleNamespace(network=network, exact=exact, whole=home / "whole", small=home / "small")


@pytest.fixture(scope="session")
def tiny_model(made):
    """The folder of the tiny model as it would be packaged."""
    return made.small


@pytest.fixture(scope="session")
def bare_model(made, tmp_path_factory):
    """The same encoder without heads."""
    folder = tmp_path_factory.mktemp("bare") / "model"
    shutil.copytree(made.small, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"heads": []}), encoding="utf-8")
    return folder
