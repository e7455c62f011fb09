"""``BUILD.json``: of which sources the committed pages are the build, so that Python alone can tell whether they still are.

Generated types lie outside: an interface that changes needs no Node as long as no page breaks.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from services.console.built_files import BUILD, BuiltFiles

WEB = Path(__file__).parent / "web"
NOT_SOURCES = ("node_modules", "src/api/generated", "testing")
SUFFIXES = frozenset({".ts", ".vue", ".css", ".svg", ".html", ".json", ".js", ".mjs"})
NPM_SETTINGS = ".npmrc"

NOT_BUILT = "没有 {0}，页面还没有构建：运行 make web · there is no {0}, the pages were never built: run make web"
SOURCES_CHANGED = (
    "页面源码或 package-lock.json 在构建之后有改动：运行 make web · "
    "sources or package-lock.json changed after the pages were built: run make web"
)
BUILT_CHANGED = (
    "{0} 之后有文件被改动、增加或删除（合并时两次构建混在了一起？）：运行 make web · "
    "built files were changed, added or removed after {0} (two builds mixed by a merge?): run make web"
)


def sources(web: Path = WEB) -> Iterator[tuple[str, bytes]]:
    """(Name, content) of each file that a build is made of, line ends as on Unix. Tests are not among them."""
    for path in sorted(_files(web), key=lambda each: each.relative_to(web).as_posix()):
        yield path.relative_to(web).as_posix(), path.read_bytes().replace(b"\r\n", b"\n")


def _files(folder: Path, at: str = "") -> Iterator[Path]:
    for path in folder.iterdir():
        name = f"{at}{path.name}"
        if path.is_dir():
            if name not in NOT_SOURCES:
                yield from _files(path, f"{name}/")
        elif (path.suffix in SUFFIXES and not name.endswith(".test.ts")) or name == NPM_SETTINGS:
            yield path


def sources_digest(web: Path = WEB) -> str:
    digest = hashlib.sha256()
    for name, content in sources(web):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def record(web: Path, built: Path) -> None:
    """Write down that ``built`` is the build of ``web`` as it stands."""
    content = {"sources": sources_digest(web), "files": BuiltFiles.at(built).digest}
    (built / BUILD).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n")


def problems(web: Path, built: Path) -> list[str]:
    """Why ``built`` is not the build of ``web``; empty when it is."""
    path = built / BUILD
    if not path.is_file():
        return [NOT_BUILT.format(BUILD)]
    said = json.loads(path.read_text(encoding="utf-8"))
    found = []
    if said["sources"] != sources_digest(web):
        found.append(SOURCES_CHANGED)
    if said["files"] != BuiltFiles.at(built).digest:
        found.append(BUILT_CHANGED.format(BUILD))
    return found


def differences(built: Path, rebuilt: Path) -> list[str]:
    """Names of the files that are not the same bytes in both, or in one alone."""
    one, other = BuiltFiles.at(built).plain, BuiltFiles.at(rebuilt).plain
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
