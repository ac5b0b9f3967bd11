"""Every group of `lexicon/layout.toml` matches its example, not its counter-example, and names its source."""

import pytest

from offtext.errors import LexiconError
from offtext.layout import cues


@pytest.mark.parametrize("name", cues.names())
def test_the_group_matches_its_example(name):
    group = cues.group(name)
    examples = group["example"] if isinstance(group["example"], list) else [group["example"]]
    assert all(cues.hits(example, name) for example in examples)
    assert not ("counter_example" in group and cues.hits(group["counter_example"], name))
    assert group["source"]
    assert group["description"]


@pytest.mark.parametrize("name", [n for n in cues.names() if cues.group(n)["match"] != "regex"])
def test_no_word_stands_twice_in_a_group(name):
    words = cues.group(name)["words"]
    assert len(words) == len(set(words))


def test_a_group_that_is_not_there_is_named():
    with pytest.raises(LexiconError, match="no such group"):
        cues.group("no.such")
