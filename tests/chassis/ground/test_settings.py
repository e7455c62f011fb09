"""Settings and key files."""

import base64
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.chassis.ground.key_files import KeyFileDamaged, KeyFileExposed, read_or_create
from services.chassis.ground.settings import Settings, database_name

KEY = bytes(range(32))
KEY_TEXT = base64.b64encode(KEY).decode()


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_the_defaults_run_on_one_machine() -> None:
    settings = Settings()
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
    assert database_name("registry") == "lika_registry"


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKA_PORT", "9000")
    monkeypatch.setenv("LIKA_DATABASE_URL", "postgresql://wrong-name/x")
    monkeypatch.setenv("DATABASE_URL", "postgresql://lika:s3cret@db/postgres")
    settings = Settings()
    assert settings.port == 9000
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://lika:s3cret@db/postgres"


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://lika:s3cret@db/postgres")
    monkeypatch.setenv("LIKA_KEK", KEY_TEXT)
    monkeypatch.setenv("LIKA_INDEX_KEYS", f"1:{KEY_TEXT}")
    settings = Settings()
    for printed in (repr(settings), str(settings), settings.model_dump_json()):
        assert "s3cret" not in printed
        assert KEY_TEXT not in printed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIKA_KEK", "s3cret"),
        ("LIKA_KEK", base64.b64encode(b"s3cret").decode()),
        ("LIKA_INDEX_KEYS", KEY_TEXT),
        ("LIKA_INDEX_KEYS", f"1:{KEY_TEXT},1:{KEY_TEXT}"),
        ("LIKA_INDEX_KEYS", f"one:{KEY_TEXT}"),
        ("LIKA_INDEX_KEYS", f"0:{KEY_TEXT}"),
        ("DATABASE_URL", "postgresql://lika:s3cret@db:port/%zz"),
        ("LIKA_JWKS_URL", "file:///etc/passwd"),
        ("LIKA_PORT", "70000"),
    ],
)
def test_a_wrong_value_is_refused_and_not_quoted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as no:
        Settings()
    assert value not in str(no.value)
    assert "s3cret" not in str(no.value)


def test_two_sources_of_token_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="not both"):
        Settings(jwks_url="https://idp.invalid/jwks", jwks_file=tmp_path)


def test_keys_from_the_environment_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKA_KEK", KEY_TEXT)
    monkeypatch.setenv("LIKA_INDEX_KEYS", f"1:{KEY_TEXT}, 2:{KEY_TEXT}")
    settings = Settings(data_dir=tmp_path)
    assert settings.load_index_keys() == {1: KEY, 2: KEY}
    assert not settings.keys_dir.exists()


def test_without_them_keys_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    index = settings.load_index_keys()
    assert len(index[1]) == 32
    assert settings.load_index_keys() == index
    assert stat.S_IMODE(settings.keys_dir.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in settings.keys_dir.iterdir()} == {0o600}


def test_a_second_digest_key_laid_beside_the_first_is_active_too(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.load_index_keys()
    second = settings.keys_dir / "index-2.key"
    second.write_bytes(KEY)
    second.chmod(0o600)
    assert settings.load_index_keys().keys() == {1, 2}


@pytest.mark.parametrize("content", [b"", KEY[:-1], KEY + b"\n"], ids=["empty", "cut short", "too long"])
def test_a_damaged_digest_key_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.load_index_keys()
    (settings.keys_dir / "index-1.key").write_bytes(content)
    with pytest.raises(KeyFileDamaged, match=r"index-1\.key"):
        settings.load_index_keys()


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "index-1.key"
    read_or_create(file, lambda: KEY)
    file.chmod(0o604)
    with pytest.raises(KeyFileExposed):
        read_or_create(file, lambda: KEY)


def test_a_process_that_was_slower_takes_the_key_of_the_faster_one(tmp_path: Path) -> None:
    file = tmp_path / "index-1.key"

    def make_while_another_finishes() -> bytes:
        read_or_create(file, lambda: b"of the faster one")
        return b"of the slower one"

    assert read_or_create(file, make_while_another_finishes) == b"of the faster one"
    assert file.read_bytes() == b"of the faster one"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("url", ["https://idp.example/jwks", "http://127.0.0.1:8080/jwks", "http://localhost/jwks"])
def test_the_provider_s_keys_come_over_tls_or_from_this_machine(url: str) -> None:
    assert Settings(jwks_url=url).jwks_url == url


@pytest.mark.parametrize(
    "url", ["http://idp.example/jwks", "http://127.0.0.1.example/jwks", "http://localhost.example/", "http://10.0.0.1/"]
)
def test_no_other_address_is_taken_and_no_setting_overrides_that(url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(jwks_url=url)
