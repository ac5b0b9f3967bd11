"""Tiny random encoders, made in the test: no network, no large files."""

from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

WIDTH = 32
torch.set_num_threads(1)  # in so small a network threads wait for each other more than they work


def tiny(kind: str, folder: Path, lines: list[str], *, positions: int = 80, vocabulary: int = 120) -> Path:
    """Write a checkpoint of two layers, with a tokenizer that knows the words of some lines, and return its folder.

    Args:
        kind: 'bert' (WordPiece) or 'xlm-roberta' (Unigram, a blank before every word).
        folder: Where to write.
        lines: What the tokenizer learns from.
        positions: Tokens that the encoder can count.
        vocabulary: Most pieces of the 'bert' tokenizer.
    """
    if kind == "bert":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        tokenizer.train_from_iterator(
            lines, trainers.WordPieceTrainer(vocab_size=vocabulary, special_tokens=special, show_progress=False)
        )
        opening, closing, pad = "[CLS]", "[SEP]", "[PAD]"
        config = transformers.BertConfig
    else:
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        words = sorted({word.strip(".,–") for line in lines for word in line.split()} - {""})
        pieces = [(f"▁{word}", -5.0) for word in words] + [(sign, -9.0) for sign in sorted(set("▁".join(lines)))]
        known = [(token, 0.0) for token in special] + [(p, score) for p, score in pieces if p != " "]
        tokenizer = Tokenizer(models.Unigram(known, unk_id=3))
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        tokenizer.decoder = decoders.Metaspace()
        opening, closing, pad = "<s>", "</s>", "<pad>"
        config = transformers.XLMRobertaConfig
    ids = [(token, tokenizer.token_to_id(token)) for token in (opening, closing)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{opening} $A {closing}", special_tokens=ids)
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = config(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
        pad_token_id=tokenizer.token_to_id(pad),
    )
    torch.manual_seed(1)
    transformers.AutoModel.from_config(settings).save_pretrained(folder)
    return folder
