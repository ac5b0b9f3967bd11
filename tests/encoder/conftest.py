"""A tiny random encoder, exported the way the real one is: no network, no large files."""

import warnings

import pytest


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("onnx")
    pytest.importorskip("onnxscript")
    import tokenizers

    from offtext.train.base import export_encoder, write_manifest

    checkpoint = tmp_path_factory.mktemp("checkpoint")
    target = tmp_path_factory.mktemp("tiny_model")
    letters = "▁abcdefghijklmnopqrstuvwxyzåäöABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ0123456789.,:;–?!\ufffd"
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((c, -4.0) for c in letters)]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram(vocabulary, unk_id=3))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.save(str(checkpoint / "tokenizer.json"))
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        pad_token_id=1,
    )
    with warnings.catch_warnings():
        # the exporter warns of its own future
        warnings.simplefilter("ignore")
        transformers.BertModel(config, add_pooling_layer=False).save_pretrained(checkpoint)
        facts = export_encoder(checkpoint, target, layers=[1, 2])
    write_manifest(target, {"name": "tiny", "version": "1", "prefix": "q: ", **facts})
    return checkpoint, target
