"""What the committed build may weigh, and what it must carry."""

import gzip
import json
import re
from collections.abc import Iterable

import pytest

from services.console.build_record import NPM_SETTINGS, WEB
from services.console.built_files import ENTRY, FOLDER, BuiltFiles

ROOT = WEB.parents[2]
KB = 1000
FIRST_LOAD, FIRST_STYLE, PHONE, PAGE, ALL = 170 * KB, 25 * KB, 110 * KB, 40 * KB, 1500 * KB
"""Bytes, compressed but for the last: sign-in and inbox with all they import, any page with all it imports (each opens on a phone),
what one page alone brings, and the whole as it lies."""

LICENCES = "LICENSES.md"
PERMISSIVE = frozenset({"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"})

BUILT = BuiltFiles.at(FOLDER)
IMPORT = re.compile(r"""(?:import|from)\s*["']\./([^"']+\.js)["']""")
"""What a file imports at once; ``import("./page.js")`` is later."""
LINKED = re.compile(r'(?:src|href)="\./([^"]+)"')


def packed(name: str) -> int:
    return len(gzip.compress(BUILT.plain[name], mtime=0))


def weights(names: Iterable[str]) -> dict[str, int]:
    """The heaviest first, so that a failure shows at the top what grew."""
    return dict(sorted(((name, packed(name)) for name in names), key=lambda each: -each[1]))


def with_imports(*names: str) -> set[str]:
    """Scripts, and those that they cannot run without."""
    found: set[str] = set()
    waiting = [f"{name}.js" for name in names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(IMPORT.findall(BUILT.plain[name].decode()))
    return found


ENTRY_SCRIPTS = with_imports("index")
PAGES = sorted(path.parent.name for path in WEB.glob("src/pages/*/page.vue"))


def test_imports_are_seen() -> None:
    assert {"index.js", "vendor.js"} <= ENTRY_SCRIPTS
    assert {name for name in LINKED.findall(BUILT.plain[ENTRY].decode()) if name.endswith(".js")} == ENTRY_SCRIPTS


def test_every_page_is_a_file_of_its_own_that_is_loaded_when_it_is_opened() -> None:
    assert PAGES
    assert [page for page in PAGES if f"{page}.js" not in BUILT.plain] == []
    assert ENTRY_SCRIPTS.isdisjoint(f"{page}.js" for page in PAGES)


def test_the_first_load_is_light() -> None:
    found = weights(ENTRY_SCRIPTS | with_imports("sign_in", "inbox"))
    assert sum(found.values()) <= FIRST_LOAD, found


def test_the_first_style_is_light() -> None:
    first = [name for name in BUILT.plain if name in {"index.css", "inbox.css", "sign_in.css", "shared.css"}]
    assert sum(weights(first).values()) <= FIRST_STYLE, weights(first)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light_enough_for_a_phone(page: str) -> None:
    found = weights(ENTRY_SCRIPTS | with_imports(page))
    assert sum(found.values()) <= PHONE, found


def test_no_page_is_heavy_by_itself() -> None:
    assert weights(name for name in (f"{page}.js" for page in PAGES) if packed(name) > PAGE) == {}


def test_the_whole_is_small_and_without_source_maps() -> None:
    sizes = dict(sorted(((name, len(content)) for name, content in BUILT.plain.items()), key=lambda each: -each[1]))
    assert sum(sizes.values()) <= ALL, sizes
    assert [
        name for name, content in BUILT.plain.items() if name.endswith(".map") or b"sourceMappingURL" in content
    ] == []


def test_names_stay_from_build_to_build() -> None:
    """No digest and no number of its turn in a name: the server puts the digest of all files into their address."""
    assert [name for name in BUILT.plain if not re.fullmatch(r"[A-Za-z_.]+\.(js|css|svg|html|md)", name)] == []


def test_the_licences_of_all_that_is_bundled_go_with_it() -> None:
    text = BUILT.plain[LICENCES].decode()
    bundled = re.findall(r"^## (\S+) - \S+ \(([^)]+)\)$", text, re.MULTILINE)
    assert {"vue-router", "openapi-fetch", "@tanstack/vue-query"} <= {name for name, _ in bundled}
    assert [each for each in bundled if each[1] not in PERMISSIVE] == []
    assert text.count("permission notice shall be included") >= sum(licence == "MIT" for _, licence in bundled)


def _lock() -> dict[str, dict[str, object]]:
    packages: dict[str, dict[str, object]] = json.loads((WEB / "package-lock.json").read_bytes())["packages"]
    return {name: each for name, each in packages.items() if name}


def test_every_package_is_held_to_its_content_and_to_no_registry() -> None:
    assert [name for name, each in _lock().items() if "integrity" not in each or "resolved" in each] == []
    held = [WEB / name for name in ("package.json", "package-lock.json", NPM_SETTINGS)]
    texts = {path: path.read_text(encoding="utf-8") for path in [*held, ROOT / "Makefile", ROOT / ".ci/run"]}
    assert [path for path, text in texts.items() if re.search(r"registry\s*=|//registry\.|npmmirror|npmjs", text)] == []


def test_versions_are_exact() -> None:
    asked = json.loads((WEB / "package.json").read_bytes())
    versions = {**asked["dependencies"], **asked["devDependencies"]}
    assert {name: version for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}
