"""Publishing: schemas are current, samples are kept for ever, and no version is ever changed in an incompatible way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from contracts import publish
from contracts.canonical import decoder
from contracts.facts import PUBLISHED, Fact
from contracts.personal import Personal
from contracts.publishing.catalogue import Catalogue, load, logs_of
from contracts.publishing.channels import asyncapi
from contracts.publishing.house import House, Unpublishable
from contracts.publishing.samples import sample_of
from contracts.publishing.schemas import schema_of
from contracts.quantities import Amount, Yuan


class Grade(StrEnum):
    GOOD = "good"
    POOR = "poor"


class FewerGrades(StrEnum):
    GOOD = "good"


class MoreGrades(StrEnum):
    GOOD = "good"
    POOR = "poor"
    FAIR = "fair"


class Inspected(Fact, frozen=True, kw_only=True):
    """What is published at first; the classes below are what a careless hand could make of it."""

    grade: Grade
    cost: Yuan
    length: int
    note: Personal[str] | None = None
    times: int = 1


class GainedAnOptionalField(Inspected, frozen=True, kw_only=True):
    remark: str | None = None


class GainedARequiredField(Inspected, frozen=True, kw_only=True):
    remark: str


class LostAField(Fact, frozen=True, kw_only=True):
    grade: Grade
    cost: Yuan
    note: Personal[str] | None = None
    times: int = 1


class ChangedAType(Inspected, frozen=True, kw_only=True):
    length: str  # type: ignore[assignment]


class ChangedAScale(Inspected, frozen=True, kw_only=True):
    cost: Amount


class UnsealedAField(Inspected, frozen=True, kw_only=True):
    note: str | None = None  # type: ignore[assignment]


class AllowedNothing(Inspected, frozen=True, kw_only=True):
    length: int | None  # type: ignore[assignment]


class MadeRequired(Inspected, frozen=True, kw_only=True):
    note: Personal[str] | None


class ChangedADefault(Inspected, frozen=True, kw_only=True):
    times: int = 2


class NarrowedAnEnumeration(Inspected, frozen=True, kw_only=True):
    grade: FewerGrades  # type: ignore[assignment]


class WidenedAnEnumeration(Inspected, frozen=True, kw_only=True):
    grade: MoreGrades  # type: ignore[assignment]


class Reordered(Fact, frozen=True, kw_only=True):
    cost: Yuan
    grade: Grade
    length: int
    note: Personal[str] | None = None
    times: int = 1


class Weighing(Fact, frozen=True, kw_only=True):
    kilograms: float


class Ruler(msgspec.Struct):
    length: int


class Thawed(Fact, frozen=True, kw_only=True):
    ruler: Ruler


class Lenient(Fact, frozen=True, kw_only=True, forbid_unknown_fields=False):
    length: int


class Renamed(Fact, frozen=True, kw_only=True, rename="camel"):
    length_in_metres: int


class Sparse(Fact, frozen=True, kw_only=True, omit_defaults=True):
    length: int


@dataclass(frozen=True)
class Workshop:
    """A folder of published files in which ``TestInspected`` version 1 can be declared anew, as releases do."""

    house: House
    declare: Callable[..., Catalogue]


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    def declare(kind: type[Fact], version: int = 1) -> Catalogue:
        # Not `published`: that rightly refuses to publish a name twice, and only a later release could.
        monkeypatch.setitem(PUBLISHED, ("TestInspected", version), kind)
        monkeypatch.setattr(kind, "type_name", "TestInspected", raising=False)
        monkeypatch.setattr(kind, "type_version", version, raising=False)
        decoder.cache_clear()
        return {key: fact for key, fact in PUBLISHED.items() if key[0] == "TestInspected"}

    return Workshop(House(tmp_path / "generated", tmp_path / "samples"), declare)


def everything_in(house: House) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in house.generated.parent.rglob("*.json")}


def test_the_published_contracts_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert publish.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("key", load(), ids=lambda key: f"{key[0]}.v{key[1]}")
def test_a_sample_fills_every_field_and_fits_its_schema(key: tuple[str, int]) -> None:
    kind = PUBLISHED[key]
    sample = msgspec.json.decode(sample_of(kind))
    assert [name for name in kind.__struct_fields__ if sample[name] in (None, [])] == []
    jsonschema_rs.Draft202012Validator(schema_of(kind)).validate(sample)


def test_every_service_tells_of_its_own_facts_and_of_its_clock() -> None:
    facts = load()
    described = asyncapi(facts, "schemas")
    for log, channel in described["channels"].items():
        assert set(channel["messages"]) == {f"{name}.v{v}" for (name, v), kind in facts.items() if log in logs_of(kind)}
        assert "ClockStepped.v1" in channel["messages"]
    assert "HouseholdExited.v1" in described["channels"]["registry"]["messages"]
    assert "HouseholdExited.v1" not in described["channels"]["assistance"]["messages"]


def test_what_was_published_is_current(workshop: Workshop) -> None:
    facts = workshop.declare(Inspected)
    written = workshop.house.publish(facts)
    assert sorted(written) == [
        "generated/asyncapi.json",
        "samples/TestInspected.v1.json",
        "schemas/TestInspected.v1.json",
    ]
    assert workshop.house.problems(facts) == []


def test_publishing_again_writes_nothing(workshop: Workshop) -> None:
    facts = workshop.declare(Inspected)
    workshop.house.publish(facts)
    assert workshop.house.publish(facts) == []


def test_a_fact_not_yet_published_is_found(workshop: Workshop) -> None:
    problems = workshop.house.problems(workshop.declare(Inspected))
    assert [p.split(";")[0] for p in problems] == [
        "TestInspected.v1.json: not current",
        "asyncapi.json: not current",
        "TestInspected.v1.json: has no sample",
    ]


def test_a_schema_edited_by_hand_is_found(workshop: Workshop) -> None:
    facts = workshop.declare(Inspected)
    workshop.house.publish(facts)
    schema = workshop.house.generated / "schemas" / "TestInspected.v1.json"
    schema.write_bytes(schema.read_bytes().replace(b"careless", b"careful"))
    assert workshop.house.problems(facts) == ["TestInspected.v1.json: not current; run `make contracts`"]


def test_scales_instants_and_sealed_boxes_are_in_the_schema(workshop: Workshop) -> None:
    workshop.declare(Inspected)
    properties = schema_of(Inspected)["$defs"]["Inspected"]["properties"]
    assert properties["cost"] == {"type": "string", "format": "decimal", "pattern": r"^-?\d+\.\d{2}$"}
    assert properties["note"]["anyOf"][0] == {"type": "string", "format": "sealed-box"}
    clock = schema_of(load()["ClockStepped", 1])["$defs"]["ClockStepped"]["properties"]
    assert clock["to"]["pattern"].endswith(r"\.\d{6}Z$")


@pytest.mark.parametrize(
    ("careless", "what"),
    [
        (GainedARequiredField, "remark: new and required"),
        (LostAField, "length: removed"),
        (ChangedAType, "length: changed type"),
        (ChangedAScale, "cost: changed type"),
        (UnsealedAField, "note: changed type"),
        (AllowedNothing, "length: changed type"),
        (MadeRequired, "note: no longer optional"),
        (ChangedADefault, "times: changed default"),
        (NarrowedAnEnumeration, "grade: narrowed, poor gone"),
    ],
)
def test_an_incompatible_change_under_the_same_version_is_refused(
    workshop: Workshop, careless: type[Fact], what: str
) -> None:
    workshop.house.publish(workshop.declare(Inspected))
    before = everything_in(workshop.house)
    facts = workshop.declare(careless)
    with pytest.raises(Unpublishable) as refused:
        workshop.house.publish(facts)
    assert refused.value.problems == [f"TestInspected.v1 {what}; publish a new version"]
    assert workshop.house.problems(facts) == refused.value.problems
    assert everything_in(workshop.house) == before


@pytest.mark.parametrize("careful", [GainedAnOptionalField, WidenedAnEnumeration])
def test_a_compatible_change_needs_no_new_version_and_keeps_the_sample(workshop: Workshop, careful: type[Fact]) -> None:
    workshop.house.publish(workshop.declare(Inspected))
    sample = (workshop.house.samples / "TestInspected.v1.json").read_bytes()
    facts = workshop.declare(careful)
    assert "schemas/TestInspected.v1.json" in workshop.house.publish(facts)
    assert workshop.house.problems(facts) == []
    assert (workshop.house.samples / "TestInspected.v1.json").read_bytes() == sample


def test_a_new_version_stands_beside_the_old_one(workshop: Workshop) -> None:
    workshop.house.publish(workshop.declare(Inspected))
    before = everything_in(workshop.house)
    written = workshop.house.publish(workshop.declare(ChangedAType, version=2))
    assert "samples/TestInspected.v2.json" in written
    assert {
        path for path, content in everything_in(workshop.house).items() if before.get(path, content) != content
    } == {workshop.house.generated / "asyncapi.json"}


def test_a_version_that_is_no_longer_declared_is_found(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.house.publish(workshop.declare(Inspected))
    monkeypatch.delitem(PUBLISHED, ("TestInspected", 1))
    assert workshop.house.problems({}) == ["TestInspected.v1.json: no longer published; facts are kept for ever"]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda sample: sample.replace(b'"length":1', b'"length":1,"colour":2'), "unknown field"),
        (lambda sample: sample.replace(b'"1234.00"', b'"1234"'), "reads back as other bytes"),
        (lambda sample: sample.replace(b'"good"', b'"bad"'), "Invalid enum value"),
        (lambda sample: sample[:-1], "truncated"),
    ],
)
def test_a_sample_that_no_longer_reads_back_is_found(
    workshop: Workshop, spoil: Callable[[bytes], bytes], why: str
) -> None:
    facts = workshop.declare(Inspected)
    workshop.house.publish(facts)
    sample = workshop.house.samples / "TestInspected.v1.json"
    spoilt = spoil(sample.read_bytes())
    assert spoilt != sample.read_bytes()
    sample.write_bytes(spoilt)
    (problem,) = workshop.house.problems(facts)
    assert why in problem


def test_fields_in_another_order_are_other_bytes(workshop: Workshop) -> None:
    workshop.house.publish(workshop.declare(Inspected))
    facts = workshop.declare(Reordered)
    assert "TestInspected.v1.json: reads back as other bytes" in workshop.house.problems(facts)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Weighing, "no canonical form"),
        (Thawed, "not frozen"),
        (Lenient, "accepts unknown fields"),
        (Renamed, "renames fields"),
        (Sparse, "does not write all its fields"),
    ],
)
def test_a_fact_without_one_rendering_is_never_published(workshop: Workshop, kind: type[Fact], why: str) -> None:
    facts = workshop.declare(kind)
    with pytest.raises(Unpublishable, match=why):
        workshop.house.publish(facts)
    assert everything_in(workshop.house) == {}


def test_the_command_says_what_is_amiss_and_fails(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = workshop.declare(Inspected)
    monkeypatch.setattr(publish, "HOUSE", workshop.house)
    monkeypatch.setattr(publish, "load", lambda: facts)
    assert publish.main(["--check"]) == 1
    assert "not current" in capsys.readouterr().err
    assert publish.main([]) == 0
    assert "TestInspected.v1.json" in capsys.readouterr().out
    assert publish.main(["--check"]) == 0


def test_amounts_of_samples_keep_their_scale(workshop: Workshop) -> None:
    workshop.declare(Inspected)
    sample: dict[str, Any] = msgspec.json.decode(sample_of(Inspected))
    assert sample["cost"] == "1234.00"
    assert Decimal(sample["cost"]) == 1234
    assert sample["effective_on"] == date(2016, 1, 1).isoformat()
