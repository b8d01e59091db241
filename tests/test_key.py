"""The installation's key is made once, whole, and for its owner's eyes only."""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest

from bot import key


def test_a_key_is_made_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "kith-data"
    key.make(data)
    assert [file.name for file in data.iterdir()] == [key.FILE]
    assert (data / key.FILE).stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700
    made = key.read(data)
    assert isinstance(made, bytes)
    assert len(made) == key.LENGTH


def test_a_key_is_never_made_over_another(tmp_path: Path) -> None:
    key.make(tmp_path)
    first = key.read(tmp_path)
    key.make(tmp_path)
    assert key.read(tmp_path) == first


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    key.make(tmp_path / "one")
    key.make(tmp_path / "two")
    assert key.read(tmp_path / "one") != key.read(tmp_path / "two")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key.make(tmp_path)
    file = tmp_path / key.FILE
    secret = file.read_text().strip()
    file.chmod(0o640)
    said = key.read(tmp_path)
    assert isinstance(said, str)
    assert "chmod 600" in said
    assert secret not in said


def test_a_lost_key_is_said_and_not_replaced(tmp_path: Path) -> None:
    said = key.read(tmp_path)
    assert isinstance(said, str)
    assert "no key" in said
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_key_is_said_and_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / key.FILE
    file.write_text("half a k")
    file.chmod(0o600)
    said = key.read(tmp_path)
    assert isinstance(said, str)
    assert "holds no key" in said
    key.make(tmp_path)
    assert file.read_text() == "half a k"


def test_both_alphabets_of_base64_are_understood() -> None:
    wanted = bytes([251, 255] * 16)
    assert key.decode(b64encode(wanted).decode()) == wanted
    assert key.decode(urlsafe_b64encode(wanted).decode() + "\n") == wanted


@pytest.mark.parametrize("text", ["", "k", "ключ", b64encode(bytes(31)).decode()])
def test_anything_else_is_no_key(text: str) -> None:
    assert key.decode(text) is None
