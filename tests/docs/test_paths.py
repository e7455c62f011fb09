"""Every file, test and module that documentation, docstrings and settings name exists."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from pkgutil import resolve_name

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("contracts", "deploy", "docs", "lika", "services", "tests")


def files(path: Path) -> Iterator[Path]:
    """All of ours at and below it; what npm installs for the console's pages is others'."""
    if path.is_dir():
        for each in path.iterdir():
            if each.name != "node_modules":
                yield from files(each)
    elif path.suffix in {"", ".json", ".md", ".py", ".sql", ".toml", ".yaml", ".yml"}:
        yield path


FILES = sorted(
    path for source in (*FOLDERS, "README.md", "Makefile", "pyproject.toml") for path in files(ROOT / source)
)
NAMES = frozenset(f"/{path.relative_to(ROOT).as_posix()}" for path in FILES)
TESTS = frozenset(
    name for path in FILES if path.match("test_*.py") for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
)

PATH = re.compile(rf"(?<![\w./-])(?:{'|'.join(FOLDERS)})/[\w./-]*\w")
QUOTED = re.compile(r"(?<!`)`{1,2}([\w./-]+)`{1,2}(?!`)")


@cache
def quoted(path: Path) -> tuple[str, ...]:
    """The words in backticks in a Markdown file or in the docstrings of a Python file."""
    return tuple(_quoted(path))


def _quoted(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from QUOTED.findall(text)
    elif path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield from QUOTED.findall(node.value.value)


def is_file_name(word: str) -> bool:
    """``store.py`` and ``households/store.py`` name every file whose path ends so."""
    return any(name.endswith(f"/{word}") for name in NAMES)


def is_importable(word: str) -> bool:
    """A module, or an attribute of one."""
    try:
        resolve_name(word)
    except (ImportError, AttributeError):
        return False
    return True


REFERENCES: dict[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "file names": (re.compile(r"[\w/-]+\.(?:py|md)"), is_file_name),
    "tests": (re.compile(r"test_\w+"), TESTS.__contains__),
    "modules": (re.compile(r"(?:contracts|lika|services|tests)\.\w+(?:\.\w+)*"), is_importable),
}


def test_every_path_that_is_named_exists() -> None:
    """In text of any kind, so in settings and commands as well."""
    named = [(path, word) for path in FILES for word in PATH.findall(path.read_text(encoding="utf-8"))]
    assert len(named) > 50
    assert [f"{path}: {word}" for path, word in named if not (ROOT / word).exists()] == []


@pytest.mark.parametrize("kind", REFERENCES)
def test_what_is_named_in_backticks_exists(kind: str) -> None:
    pattern, exists = REFERENCES[kind]
    named = [(path, word) for path in FILES for word in quoted(path) if pattern.fullmatch(word)]
    assert named
    assert [f"{path}: {word}" for path, word in named if not exists(word)] == []


def test_a_reference_to_nothing_would_be_noticed() -> None:
    assert not is_file_name("no_such_file.py")
    assert not is_importable("services.no_such_module")
    assert not is_importable("contracts.facts.NoSuchClass")
    assert PATH.findall(f"in {FOLDERS[0]}/a/b.py, not in /home/{FOLDERS[0]}/c.py") == [f"{FOLDERS[0]}/a/b.py"]
