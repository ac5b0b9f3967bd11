"""The packaged model, for the layers that read it."""

import pytest

from offtext.encoder import load_encoder
from offtext.errors import OfftextError


@pytest.fixture(scope="session")
def encoder():
    try:
        return load_encoder()
    except OfftextError as error:
        pytest.skip(f"no packaged model: {error}")
