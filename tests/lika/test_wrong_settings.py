"""Wrong settings are told by the variables that an operator sets, and never with what was typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from lika.wrong_settings import errors_of
from services.chassis.ground.limits import Limits
from services.chassis.ground.oidc_settings import OidcSettings
from services.chassis.ground.settings import Settings


@pytest.mark.parametrize(
    ("variable", "typed", "load"),
    [
        ("LIKA_OIDC_CLIENT_SECRET_FILE", "/no/such/secret", OidcSettings),
        ("LIKA_OIDC_ISSUER", "http://id.example.test/geheim", OidcSettings),
        ("LIKA_PROVINCE", "geheim", Settings),
        ("LIKA_LIMIT_TARGET_BYTES", "geheim", Limits),
    ],
)
def test_the_variable_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, typed: str, load: Callable[[], object]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, typed)
    with pytest.raises(ValidationError) as wrong:
        load()
    told = errors_of(wrong.value)
    assert told.startswith(f"{variable}: ")
    assert typed not in told


def test_what_is_wrong_with_several_together_names_them_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIKA_OIDC_ISSUER", "https://id.example.test")
    with pytest.raises(ValidationError) as wrong:
        OidcSettings()
    assert "LIKA_OIDC_CLIENT_ID" in errors_of(wrong.value)
    assert "id.example.test" not in errors_of(wrong.value)
