"""What every test may rely on: no network, and the shared data only where it is."""

import gc
import socket
import time

import pytest


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a test, and the library, must not open a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def assert_linear():
    """Check that work grows in step with its size: eight times the size may cost 24 times (quadratic: 64), and a bit.

    Processor time, the best of some runs and no collection of rubbish, since the machine may be busy with other things.
    """

    def seconds(work, size, runs):
        took = []
        for _ in range(runs):
            gc.collect()
            gc.disable()
            begun = time.process_time()
            work(size)
            took.append(time.process_time() - begun)
            gc.enable()
        return min(took)

    def check(work, size, slack=0.5):
        work(size // 30)  # what is compiled and cached at first use
        small, large = seconds(work, size // 8, 3), seconds(work, size, 2)
        assert large < slack + 24 * small, f"{small:.3f} s became {large:.3f} s"

    return check
