"""Which parameters a service decides by, and what they may say: a document that says anything else would be taken in and then
fail every decision that looks it up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.chassis.law.content import DocumentError
from services.chassis.law.parameter_documents import parameters_from
from services.chassis.law.parameters import Parameters, Value

BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Truth:
    """Yes or no."""

    unit = BOOLEAN

    def __str__(self) -> str:
        return "true or false"

    @property
    def zh(self) -> str:
        return "true 或 false"

    def takes(self, value: Value) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Amount:
    """A decimal of this unit from 0 to ``most``, to the hundredth."""

    unit: str
    most: int

    def __str__(self) -> str:
        return f"a number from 0 to {self.most}, to the hundredth"

    @property
    def zh(self) -> str:
        return f"0 至 {self.most} 的数，至多两位小数"

    def takes(self, value: Value) -> bool:
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            return False
        return 0 <= value <= self.most and (Decimal(value) * 100) % 1 == 0


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of this unit, both bounds included."""

    unit: str
    least: int
    most: int

    def __str__(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    @property
    def zh(self) -> str:
        return f"{self.least} 至 {self.most} 的整数"

    def takes(self, value: Value) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most


Expected = Mapping[str, Truth | Amount | Count]
"""Name, such as ``pairing.kept_after_exit``, to what it may say."""


def parameters_expected(expected: Expected) -> Callable[[Mapping[str, Any]], Parameters]:
    """Reads a document of these parameters. Raises ``DocumentError``."""

    def read(content: Mapping[str, Any]) -> Parameters:
        parameters = parameters_from(content)
        for name in parameters.names:
            _require_expected(name, parameters, expected)
        return parameters

    return read


def _require_expected(name: str, parameters: Parameters, expected: Expected) -> None:
    key, _, own = name.partition(".")
    path = ("values", own)
    if name not in expected:
        known = [other.removeprefix(f"{key}.") for other in expected if other.startswith(f"{key}.")]
        raise DocumentError(
            path,
            f"没有决定用到这个参数；{key}的参数有：{'、'.join(known) or '无'}",
            f"no decision asks for it; those of {key}: {', '.join(known) or '-'}",
        )
    wanted = expected[name]
    for entry in parameters.history(name):
        if entry.unit != wanted.unit:
            raise DocumentError(path, f"单位须为 {wanted.unit}", f"its unit is {wanted.unit}")
        if entry.value is not None and not wanted.takes(entry.value):
            raise DocumentError(path, f"须为{wanted.zh}", f"expected {wanted}")
