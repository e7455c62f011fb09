"""The content of a document: mappings and lists of texts, whole numbers, decimals, dates, truth values and nothing.

Its canonical text is JSON in NFC with sorted keys, in which a decimal, a date and a text of the same letters stay apart.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from services.chassis.ground.messages import NamedCode
from services.chassis.ground.texts import is_storable

Path = tuple[str | int, ...]
"""Keys and places in lists that lead from a document to a part of it."""
STEP = re.compile(r"\[(?P<number>\d+)\]|\.?(?P<key>[^.\[\]]+)")

MARKS = {"date": "日期", "decimal": "小数"}
"""Sole keys of the objects that stand for a date or a decimal, and what these are in Chinese; no part of a document may look like
one."""


DEEPEST = 32
"""Mappings and lists within one another."""
PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
"""Plain notation: neither an exponent, of which few letters make a million digits, nor what is no number."""


class DocumentError(ValueError):
    """A document is not what it should be. ``path``: to the part that is wrong; ``zh``, ``en``: what is wrong, and where it is not
    plain, what to write instead."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        self.path, self.zh, self.en = path, zh, en
        self.complaint = NamedCode(f"{zh} / {en}", zh, en)
        super().__init__(f"{written(path)}: {self.complaint}" if path else self.complaint)


def written(path: Path) -> str:
    """``steps[3].days``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def path_of(written: str) -> Path:
    """Of a path as ``written`` gives it."""
    return tuple(step["key"] or int(step["number"]) for step in STEP.finditer(written))


def canonical_text(content: Mapping[str, Any]) -> str:
    """The one text of this content. Raises ``DocumentError``."""
    return json.dumps(_form(content, ()), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_dicts(value: Any) -> Any:
    """A copy whose mappings are ``dict``: of others, msgspec does not refuse unknown fields."""
    if isinstance(value, Mapping):
        return {key: as_dicts(part) for key, part in value.items()}
    return tuple(map(as_dicts, value)) if isinstance(value, tuple) else value


def plain_form(value: Any) -> Any:
    """A part of a document as JSON has it, for people."""
    if isinstance(value, Mapping):
        return {key: plain_form(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [plain_form(part) for part in value]
    return str(value) if isinstance(value, Decimal | date) else value


def digest_of(text: str) -> str:
    """SHA-256 in hex of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(text: str) -> Mapping[str, Any]:
    """The content of a canonical text, read-only. Raises ``DocumentError`` for what could not be one."""
    try:
        read = json.loads(text, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_mapping)
    except DocumentError:
        raise
    except (ValueError, RecursionError) as error:  # also for a number of thousands of digits
        raise DocumentError(
            (), f"不是 JSON（{type(error).__name__}），请核对格式", f"not JSON: {type(error).__name__}"
        ) from None
    found = _meaning(read, ())
    if not isinstance(found, Mapping):
        raise DocumentError((), "文件须由“名称: 值”组成", "a document is a mapping")
    return found


def _no_float(_written: str) -> Any:
    # Not repeated: what stands where a number should may be anything.
    raise DocumentError((), '小数须写作 {"decimal": "…"}', 'a decimal is written {"decimal": "…"}')


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        raise DocumentError((), f"同一名称出现两次，请删去其一：{'、'.join(twice)}", f"said twice: {', '.join(twice)}")
    return read


def _form(value: Any, path: Path) -> Any:
    if isinstance(value, Mapping):
        if len(value) == 1 and next(iter(value)) in MARKS:
            raise DocumentError(
                path, f"'{next(iter(value))}'不能是唯一的名称", f"'{next(iter(value))}' cannot be the only key"
            )
        return {_nfc(key): _form(part, (*path, key)) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_form(part, (*path, number)) for number, part in enumerate(value)]
    if isinstance(value, Decimal):
        return {"decimal": f"{value:f}"}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, str):
        return _nfc(value)
    if value is None or isinstance(value, bool | int):
        return value
    raise DocumentError(
        path, f"文件中不能有 {type(value).__name__} 类的值", f"a {type(value).__name__} has no place in a document"
    )


def _meaning(value: Any, path: Path) -> Any:
    if len(path) > DEEPEST:
        raise DocumentError(
            (), f"层次超过 {DEEPEST} 层，请减少嵌套", f"more than {DEEPEST} mappings and lists within one another"
        )
    if isinstance(value, list):
        return tuple(_meaning(part, (*path, number)) for number, part in enumerate(value))
    if not isinstance(value, dict):
        return _text(value, path) if isinstance(value, str) else value
    if len(value) == 1:
        [(mark, text)] = value.items()
        try:
            if mark == "date":
                return date.fromisoformat(text)
            if mark == "decimal":
                return _decimal(text)
        except (ValueError, TypeError):
            raise DocumentError(path, f"不是{MARKS[mark]}，请更正写法", f"no {mark}") from None
    return MappingProxyType({_text(key, path): _meaning(part, (*path, key)) for key, part in value.items()})


def _decimal(text: str) -> Decimal:
    if PLAIN_DECIMAL.fullmatch(text) is None:
        raise ValueError
    return Decimal(text)


def _text(text: str, path: Path) -> str:
    if not is_storable(text):
        raise DocumentError(path, "含空字符或半个代理对，请重新输入这段文字", "NUL or half of a surrogate pair")
    return _nfc(text)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
