"""Parameters as a document: name → dated entries, each with unit, place and source::

parameters: pairing
edition: "2014"
jurisdiction: CN
source: M049
in_force: {from: 2014-01-01, to: null}
values:
  kept_after_exit:             # known as pairing.kept_after_exit
    - from: 2014-01-01
      value: true              # an exact decimal is quoted: "2300.50". null: repealed from that day
      unit: boolean
      jurisdiction: CN         # within the document's
      source: M049
      basis: helpers stay with exited households    # optional
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from services.chassis.law.content import PLAIN_DECIMAL, DocumentError, Path
from services.chassis.law.dated import NATIONAL
from services.chassis.law.documents import KEY, PLACE
from services.chassis.law.parameters import Entry, Parameters, Scalar, Value

KIND = "parameters"
HEAD = (KIND, "edition", "jurisdiction", "source", "in_force", "values")
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
REQUIRED = ("from", "value", "unit", "jurisdiction", "source")
OPTIONAL = ("basis",)


def parameters_from(content: Mapping[str, Any]) -> Parameters:
    """What a document of parameters says. Raises ``DocumentError``."""
    for key in content:
        _require(key in HEAD, (key,), f"没有'{key}'这一项，请核对拼写", f"unknown key '{key}'")
    values = content.get("values")
    _require(
        isinstance(values, Mapping) and bool(values),
        ("values",),
        "'values'：须为参数名称及其各条",
        "'values': names and their entries",
    )
    return Parameters(_entries(str(content.get(KIND)), str(content.get("jurisdiction")), cast(Any, values)))


def key_of(name: str) -> str:
    """The key of the documents that may say this parameter."""
    key, _, _ = name.partition(".")
    return key


def _entries(key: str, within: str, values: Mapping[str, Any]) -> Iterator[Entry]:
    _require(KEY.fullmatch(key) is not None, (KIND,), "小写字母、数字和 _", "lower-case words joined by _")
    for name, series in values.items():
        path: Path = ("values", name)
        _require(
            NAME.fullmatch(name) is not None,
            path,
            f"{name}：小写字母、数字、_ 和 .",
            f"{name}: lower-case words joined by _ or .",
        )
        _require(
            isinstance(series, tuple) and bool(series), path, "须为以“- ”起头的各条", "expected a list of '- ' entries"
        )
        for number, fields in enumerate(series):
            yield _entry(f"{key}.{name}", within, fields, (*path, number))


def _entry(name: str, within: str, fields: Any, path: Path) -> Entry:
    _require(isinstance(fields, Mapping), path, f"{name}：每行应为“名称: 值”", f"{name}: expected 'key: value' lines")
    for key in REQUIRED:
        _require(key in fields, path, f"{name}：缺少'{key}'", f"{name}: '{key}' is missing")
    for key in fields:
        _require(
            key in REQUIRED + OPTIONAL,
            (*path, key),
            f"{name}：没有'{key}'这一项，请核对拼写",
            f"{name}: unknown key '{key}'",
        )
    for key in ("unit", "jurisdiction", "source", *(OPTIONAL if "basis" in fields else ())):
        _require(
            isinstance(fields[key], str) and fields[key] != "",
            (*path, key),
            f"{name}：'{key}'须为文字",
            f"{name}: '{key}' is a text",
        )
    _require(isinstance(fields["from"], date), (*path, "from"), f"{name}：'from'须为日期", f"{name}: 'from' is a date")
    place, at = fields["jurisdiction"], (*path, "jurisdiction")
    _require(
        PLACE.fullmatch(place) is not None,
        at,
        f"{name}：{NATIONAL} 或加引号的区划代码",
        f"{name}: {NATIONAL} or a division code, quoted",
    )
    _require(
        within == NATIONAL or place.startswith(within),
        at,
        f"{name}：{place}不在{within}之内",
        f"{name}: {place} does not lie in {within}",
    )
    return Entry(
        name=name,
        since=fields["from"],
        value=_value(name, fields["unit"], fields["value"], (*path, "value")),
        unit=fields["unit"],
        jurisdiction=place,
        source=fields["source"],
        basis=fields.get("basis"),
    )


def _value(name: str, unit: str, plain: Any, path: Path) -> Value | None:
    if plain is None:
        return None
    if isinstance(plain, tuple):
        _require(bool(plain), path, f"{name}：列表为空；废止请写 null", f"{name}: an empty list; a repeal is null")
        return tuple(_scalar(name, unit, part, path) for part in plain)
    return _scalar(name, unit, plain, path)


def _scalar(name: str, unit: str, plain: Any, path: Path) -> Scalar:
    """The unit says what the text means: ``text``, ``boolean``, ``date``; any other unit counts something."""
    expected = {"text": str, "boolean": bool, "date": date}.get(unit)
    if expected is not None:
        _require(
            type(plain) is expected,
            path,
            f"{name}：单位为'{unit}'的值应为另一种类",
            f"{name}: a value of unit '{unit}' is another kind of thing",
        )
        return cast(Scalar, plain)
    if isinstance(plain, str):
        _require(
            PLAIN_DECIMAL.fullmatch(plain) is not None,
            path,
            f"{name}：'{plain}'不是普通写法的小数",
            f"{name}: '{plain}' is no decimal in plain notation",
        )
        return Decimal(plain)
    if isinstance(plain, Decimal):
        return plain
    _require(
        type(plain) is int,
        path,
        f"{name}：单位为'{unit}'的值须为整数或加引号的小数",
        f"{name}: a value of unit '{unit}' is a whole number or a quoted decimal",
    )
    return cast(int, plain)


def _require(condition: bool, path: Path, zh: str, en: str) -> None:
    if not condition:
        raise DocumentError(path, zh, en)
