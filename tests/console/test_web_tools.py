"""Which Node builds, when the packages are there already, and what npm's answers mean."""

import json
from pathlib import Path

import pytest

from services.console import build
from services.console.web_tools import RegistryAway, StepFailed, WebTools, is_installed, is_served

LOCK = {
    "": {"name": "pages"},
    "node_modules/vue": {"version": "3.5.0", "integrity": "sha512-a"},
    "node_modules/native-linux": {"version": "1.0.0", "integrity": "sha512-b", "optional": True},
}


@pytest.mark.parametrize(
    ("version", "served"),
    [
        ("v18.20.4", False), ("v20.18.9", False), ("v20.19.0\n", True), ("v21.7.3", False),
        ("v22.11.0", False), ("v22.12.0", True), ("v24.1.0", True), ("v25.0.0-nightly", True), ("", False),
    ],
)  # fmt: skip
def test_a_node_that_vite_does_not_run_on_is_none(version: str, served: bool) -> None:
    assert is_served(version) == served


def _web(folder: Path, held: dict[str, object] | None) -> Path:
    (folder / "package-lock.json").write_text(json.dumps({"packages": LOCK}))
    if held is not None:
        (folder / "node_modules").mkdir()
        (folder / "node_modules/.package-lock.json").write_text(json.dumps({"packages": held}))
    return folder


@pytest.mark.parametrize(
    ("held", "installed"),
    [
        (None, False),
        ({}, False),
        ({"node_modules/vue": LOCK["node_modules/vue"]}, True),  # what is optional may be for another machine
        ({name: each for name, each in LOCK.items() if name}, True),
        ({"node_modules/vue": {"version": "3.5.1", "integrity": "sha512-z"}}, False),
        ({"node_modules/vue": LOCK["node_modules/vue"], "node_modules/gone": {"integrity": "sha512-c"}}, False),
    ],
)  # fmt: skip
def test_npm_is_asked_only_where_something_is_missing_or_other(
    tmp_path: Path, held: dict[str, object] | None, installed: bool
) -> None:
    assert is_installed(_web(tmp_path, held)) == installed


def _npm(folder: Path, says: str, code: int) -> WebTools:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit {code}\n")
    npm.chmod(0o755)
    return WebTools(str(npm), _web(folder, None))


@pytest.mark.parametrize(
    "code", ["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "E403", "E503"]
)
def test_a_registry_that_does_not_answer_is_nobodys_mistake(tmp_path: Path, code: str) -> None:
    with pytest.raises(RegistryAway, match=f"^{code}$"):
        _npm(tmp_path, f"npm error code {code}", 1).install()


@pytest.mark.parametrize("code", ["EUSAGE", "EINTEGRITY", "E400", "ENOSPC"])
def test_a_lock_that_does_not_fit_fails_with_what_npm_says(tmp_path: Path, code: str) -> None:
    with pytest.raises(StepFailed, match=f"npm error code {code}"):
        _npm(tmp_path, f"npm error code {code}", 1).install()


def test_a_step_that_fails_says_all_that_it_said(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=r"(?s)eslint:.*on standard output.*on standard error"):
        _npm(tmp_path, "", 0).step("eslint", "sh", "-c", "echo on standard output; echo on standard error >&2; exit 1")


def test_without_node_digests_are_compared_and_building_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build.build(_web(tmp_path, None), tmp_path) == [build.NO_NODE]
    (tmp_path / "built").mkdir()
    assert len(build.check(tmp_path, tmp_path / "built")) == 1
    assert build.NODE_AWAY[0] in capsys.readouterr().out
