import pytest


@pytest.fixture
def put(tmp_path):
    """Write bytes or a text to a file and return its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
