"""Whether what is committed is the build of the sources that are committed, told by Python alone."""

import json
from pathlib import Path

import pytest

from services.console.build_record import (
    BUILT_CHANGED,
    NOT_BUILT,
    SOURCES_CHANGED,
    WEB,
    differences,
    problems,
    record,
    sources,
    sources_digest,
)
from services.console.built_files import BUILD, BuiltFiles


@pytest.fixture
def web(tmp_path: Path) -> Path:
    for name in ("package-lock.json", ".npmrc", "src/main.ts", "src/pages/inbox/page.vue"):
        _write(tmp_path / "web" / name, "a\nb\n")
    return tmp_path / "web"


@pytest.fixture
def built(tmp_path: Path, web: Path) -> Path:
    for name in ("index.html", "index.js", "inbox.js"):
        _write(tmp_path / "built" / name, "built\n")
    record(web, tmp_path / "built")
    return tmp_path / "built"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def test_a_build_belongs_to_its_sources(web: Path, built: Path) -> None:
    assert problems(web, built) == []


@pytest.mark.parametrize("name", ["package-lock.json", ".npmrc", "src/main.ts", "src/pages/inbox/page.vue"])
def test_any_source_that_changes_wants_a_new_build(web: Path, built: Path, name: str) -> None:
    _write(web / name, "a\nB\n")
    assert problems(web, built) == [SOURCES_CHANGED]


def test_a_source_that_is_added_taken_away_or_renamed_wants_a_new_build(web: Path, built: Path) -> None:
    (web / "src/main.ts").rename(web / "src/entry.ts")
    assert problems(web, built) == [SOURCES_CHANGED]
    (web / "src/entry.ts").unlink()
    assert problems(web, built) == [SOURCES_CHANGED]
    _write(web / "src/main.ts", "a\nb\n")
    assert problems(web, built) == []


@pytest.mark.parametrize(
    "name",
    [
        "node_modules/vue/index.js",
        "src/api/generated/registry.d.ts",
        "src/api/order.test.ts",
        "testing/house.ts",
        "src/.main.ts.swp",
        "tsconfig.tsbuildinfo",
    ],
)
def test_what_no_build_is_made_of_wants_none(web: Path, built: Path, name: str) -> None:
    _write(web / name, "anything")
    assert problems(web, built) == []


def test_line_ends_are_none_of_the_sources(web: Path, built: Path) -> None:
    _write(web / "src/main.ts", "a\r\nb\r\n")
    assert problems(web, built) == []


def test_two_names_and_their_contents_are_not_mistaken_for_others(web: Path) -> None:
    _write(web / "src/a.ts", "b.ts")
    before = sources_digest(web)
    (web / "src/a.ts").unlink()
    _write(web / "src/a.tsb.ts", "")
    assert sources_digest(web) != before


def test_files_of_another_build_are_noticed(web: Path, built: Path) -> None:
    _write(built / "inbox.js", "of a merge\n")
    assert problems(web, built) == [BUILT_CHANGED.format(BUILD)]
    _write(built / "inbox.js", "built\n")
    _write(built / "left_over.js", "")
    assert problems(web, built) == [BUILT_CHANGED.format(BUILD)]


def test_pages_that_were_never_built_say_so(web: Path, built: Path) -> None:
    (built / BUILD).unlink()
    assert problems(web, built) == [NOT_BUILT.format(BUILD)]


def test_the_record_is_the_same_bytes_wherever_it_is_written(web: Path, built: Path) -> None:
    said = json.loads((built / BUILD).read_bytes())
    assert said == {"sources": sources_digest(web), "files": BuiltFiles.at(built).digest}
    assert b"\r" not in (built / BUILD).read_bytes()


def test_a_rebuild_names_what_is_other(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    for name, content in BuiltFiles.at(built).plain.items():
        _write(again / name, content.decode())
    assert differences(built, again) == []
    _write(again / "index.js", "other")
    (again / "inbox.js").unlink()
    _write(again / "new.css", "")
    assert differences(built, again) == ["inbox.js", "index.js", "new.css"]


def test_the_sources_of_this_house_are_all_seen() -> None:
    names = {name for name, _ in sources()}
    assert {".npmrc", "package-lock.json", "vite.config.ts", "index.html", "src/main.ts", "src/App.vue"} <= names
    assert not {name for name in names if "generated/" in name or "node_modules" in name}
    assert all((WEB / name).is_file() for name in names)
