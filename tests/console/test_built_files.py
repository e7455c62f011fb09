"""The build in memory: all of it but its record, and one digest over names and contents."""

import gzip
from pathlib import Path

from services.console.built_files import BUILD, SMALL, BuiltFiles


def _built(folder: Path, **files: bytes) -> BuiltFiles:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return BuiltFiles.at(folder)


def test_every_file_is_held_by_its_path_and_the_record_of_the_build_is_not_served(tmp_path: Path) -> None:
    built = _built(tmp_path, index_html=b"<html>", fonts__a_js=b"a", **{BUILD.replace(".", "_"): b"{}"})
    assert built.plain == {"index.html": b"<html>", "fonts/a.js": b"a"}


def test_what_is_large_is_packed_once_and_unpacks_to_the_same(tmp_path: Path) -> None:
    built = _built(tmp_path, small_js=b"a" * SMALL, large_js=b"a" * (SMALL + 1))
    assert built.packed.keys() == {"large.js"}
    assert gzip.decompress(built.packed["large.js"]) == built.plain["large.js"]
    assert BuiltFiles.at(tmp_path).packed == built.packed


def test_the_digest_changes_with_any_content_and_any_name_and_with_nothing_else(tmp_path: Path) -> None:
    names = [
        _built(tmp_path / "a", x_js=b"1", y_js=b"2"),
        _built(tmp_path / "b", x_js=b"1", y_js=b"3"),
        _built(tmp_path / "c", x_js=b"1", z_js=b"2"),
        _built(tmp_path / "d", x_js=b"1"),
        _built(tmp_path / "e", x_js=b"1y.js\x001\x002"),
    ]
    assert len({each.digest for each in names}) == len(names)
    again = _built(tmp_path / "f", y_js=b"2", x_js=b"1", **{BUILD.replace(".", "_"): b"anything"})
    assert again.digest == names[0].digest
