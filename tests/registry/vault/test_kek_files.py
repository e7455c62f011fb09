"""Where key-encryption keys come from, and when they are not taken."""

import base64
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings
from services.registry.vault.kek import LocalKek
from services.registry.vault.kek_files import KekUnavailable, keks_of
from services.registry.vault.kek_register import KekUnfit
from services.registry.vault.keys import Vault

FIRST, SECOND = b"1" * 32, b"2" * 32


def written(*keys: bytes) -> str:
    return "\n".join(f"{number}:{base64.b64encode(key).decode()}" for number, key in enumerate(keys, start=1))


@pytest.fixture
def kek_file(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, mode: int = 0o600) -> Path:
        path = tmp_path / "secrets.kek"
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


def settings_with(folder: Path, **changes: object) -> Settings:
    return Settings.model_validate({"data_dir": folder / "data", **changes})


def refused(open_: Callable[[], object]) -> str:
    with pytest.raises(ExplainedError) as failure:
        open_()
    assert failure.value.message.zh != failure.value.message.en
    return failure.value.message.code


def test_a_file_outside_the_data_folder_gives_several_keys_and_none_is_made(
    tmp_path: Path, kek_file: Callable[..., Path]
) -> None:
    settings = settings_with(tmp_path, kek_file=kek_file(written(FIRST, SECOND)))
    assert keks_of(settings, make=True).numbers == (1, 2)
    assert not settings.data_dir.exists()


def test_a_setting_gives_one_key_or_several(tmp_path: Path) -> None:
    both = ",".join(written(FIRST, SECOND).splitlines())
    assert keks_of(settings_with(tmp_path, kek=both), make=False).numbers == (1, 2)
    one = base64.b64encode(FIRST).decode()
    assert keks_of(settings_with(tmp_path, kek=one), make=False).numbers == (1,)


def test_a_key_file_that_is_missing_open_to_others_or_holds_no_key_is_refused(
    tmp_path: Path, kek_file: Callable[..., Path]
) -> None:
    gone = settings_with(tmp_path, kek_file=tmp_path / "gone")
    assert refused(lambda: keks_of(gone, make=True)) == "kek_file_missing"
    for text in ("", "short", "1:short", "eins:" + written(FIRST)[2:], "键"):
        unreadable = settings_with(tmp_path, kek_file=kek_file(text))
        with pytest.raises(KekUnavailable, match="kek-N"):
            keks_of(unreadable, make=True)
    exposed = settings_with(tmp_path, kek_file=kek_file(written(FIRST), 0o640))
    with pytest.raises(KeyFileExposed):
        keks_of(exposed, make=True)
    assert not exposed.data_dir.exists()


def test_without_a_setting_the_first_key_is_made_once_and_never_in_the_place_of_a_lost_one(
    tmp_path: Path, database: Callable[[str], str]
) -> None:
    settings, conninfo = settings_with(tmp_path), database("vault")
    file = settings.keys_dir / "kek-1.key"
    Vault.of(settings, conninfo).close()
    made = file.read_bytes()
    Vault.of(settings, conninfo).close()
    assert (len(made), file.read_bytes(), file.stat().st_mode & 0o777) == (32, made, 0o600)
    file.unlink()
    assert refused(lambda: Vault.of(settings, conninfo)) == "kek_lost"
    assert not file.exists()


def test_another_key_of_the_same_number_is_refused_at_the_start(database: Callable[[str], str]) -> None:
    conninfo = database("vault")
    Vault.connect(conninfo, LocalKek({1: FIRST})).close()
    assert refused(lambda: Vault.connect(conninfo, LocalKek({1: SECOND}))) == "kek_wrong"
    assert refused(lambda: Vault.connect(conninfo, LocalKek({1: SECOND, 2: FIRST}))) == "kek_wrong"


def test_a_key_that_data_keys_are_wrapped_under_cannot_be_left_out(database: Callable[[str], str]) -> None:
    conninfo = database("vault")
    Vault.connect(conninfo, LocalKek({1: FIRST})).close()
    Vault.connect(conninfo, LocalKek({2: SECOND})).close()  # nothing was wrapped under the first
    both = Vault.connect(conninfo, LocalKek({1: FIRST, 2: SECOND}))
    both.keys_for([uuid4()])
    both.close()
    with pytest.raises(KekUnfit, match="key-encryption key 2"):
        Vault.connect(conninfo, LocalKek({1: FIRST}))
