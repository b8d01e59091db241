"""Which way Kith goes out."""

import pytest

from bot.network import on_this_machine


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:80", "http://127.9.9.9"],
)
def test_what_is_on_this_machine_is_known(address: str) -> None:
    assert on_this_machine(address)


@pytest.mark.parametrize(
    "address", ["https://api.telegram.org", "http://10.0.0.1", "https://localhost.example.org"]
)
def test_what_is_elsewhere_is_not_taken_for_it(address: str) -> None:
    assert not on_this_machine(address)
