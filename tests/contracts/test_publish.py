"""Publishing: schemas are current, samples are kept, and no version is ever changed incompatibly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from contracts import publish
from contracts.canonical import decoder
from contracts.facts import PUBLISHED, Fact
from contracts.publishing.catalogue import Catalogue, load, logs_of
from contracts.publishing.channels import asyncapi
from contracts.publishing.house import House, Unpublishable
from contracts.publishing.samples import sample_of
from contracts.publishing.schemas import schema_of
from tests.contracts.example_facts import (
    AllowedNothing,
    ChangedADefault,
    ChangedAScale,
    ChangedAType,
    GainedAnOptionalField,
    GainedARequiredField,
    Inspected,
    Lenient,
    LostAField,
    MadeRequired,
    NarrowedAnEnumeration,
    Renamed,
    Reordered,
    Sparse,
    Thawed,
    UnsealedAField,
    Weighing,
    WidenedAnEnumeration,
)


@dataclass(frozen=True)
class PublishedFolder:
    """A folder of published contracts, and a function that declares ``TestInspected`` as a release does."""

    house: House
    declare: Callable[..., Catalogue]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PublishedFolder:
    def declare(kind: type[Fact], version: int = 1) -> Catalogue:
        # Not `published`: that rightly refuses to publish a name twice, and only a later release could.
        monkeypatch.setitem(PUBLISHED, ("TestInspected", version), kind)
        monkeypatch.setattr(kind, "type_name", "TestInspected", raising=False)
        monkeypatch.setattr(kind, "type_version", version, raising=False)
        decoder.cache_clear()
        return {key: fact for key, fact in PUBLISHED.items() if key[0] == "TestInspected"}

    return PublishedFolder(House(tmp_path / "generated", tmp_path / "samples"), declare)


def files_in(house: House) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in house.generated.parent.rglob("*.json")}


def test_the_published_contracts_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert publish.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("key", load(), ids=lambda key: f"{key[0]}.v{key[1]}")
def test_a_sample_fills_every_field_and_fits_its_schema(key: tuple[str, int]) -> None:
    kind = PUBLISHED[key]
    sample = msgspec.json.decode(sample_of(kind))
    assert [name for name in kind.__struct_fields__ if sample[name] in (None, [])] == []
    jsonschema_rs.Draft202012Validator(schema_of(kind)).validate(sample)


def test_every_service_publishes_its_own_facts_and_its_clock() -> None:
    facts = load()
    described = asyncapi(facts, "schemas")
    for log in described["channels"]:
        assert kinds_in(described, log) == {f"{name}/{v}" for (name, v), kind in facts.items() if log in logs_of(kind)}
        assert "ClockStepped/1" in kinds_in(described, log)
    assert "HouseholdExited/1" in kinds_in(described, "registry")
    assert "HouseholdExited/1" not in kinds_in(described, "assistance")


def kinds_in(described: Any, log: str) -> set[str]:
    entry = described["components"]["messages"][f"{log}.run"]["payload"]["schema"]["items"]["properties"]
    named = {f"./schemas/{kind.replace('/', '.v')}.json" for kind in entry["topic"]["enum"]}
    assert named == {each["$ref"] for each in entry["payload"]["contentSchema"]["oneOf"]}
    return set(entry["topic"]["enum"])


def test_what_was_published_is_current(folder: PublishedFolder) -> None:
    facts = folder.declare(Inspected)
    written = folder.house.publish(facts)
    assert sorted(written) == [
        "generated/asyncapi.json",
        "samples/TestInspected.v1.json",
        "schemas/TestInspected.v1.json",
    ]
    assert folder.house.problems(facts) == []


def test_publishing_again_writes_nothing(folder: PublishedFolder) -> None:
    facts = folder.declare(Inspected)
    folder.house.publish(facts)
    assert folder.house.publish(facts) == []


def test_a_fact_not_yet_published_is_found(folder: PublishedFolder) -> None:
    problems = folder.house.problems(folder.declare(Inspected))
    assert [p.split(";")[0] for p in problems] == [
        "TestInspected.v1.json: not current",
        "asyncapi.json: not current",
        "TestInspected.v1.json: has no sample",
    ]


def test_a_schema_edited_by_hand_is_found(folder: PublishedFolder) -> None:
    facts = folder.declare(Inspected)
    folder.house.publish(facts)
    schema = folder.house.generated / "schemas" / "TestInspected.v1.json"
    schema.write_bytes(schema.read_bytes().replace(b"first", b"last"))
    assert folder.house.problems(facts) == ["TestInspected.v1.json: not current; run `make contracts`"]


def test_scales_instants_and_sealed_boxes_are_in_the_schema(folder: PublishedFolder) -> None:
    folder.declare(Inspected)
    properties = schema_of(Inspected)["$defs"]["Inspected"]["properties"]
    assert properties["cost"] == {"type": "string", "format": "decimal", "pattern": r"^-?\d+\.\d{2}$"}
    assert properties["note"]["anyOf"][0] == {"type": "string", "format": "sealed-box"}
    clock = schema_of(load()["ClockStepped", 1])["$defs"]["ClockStepped"]["properties"]
    assert clock["to"]["pattern"].endswith(r"\.\d{6}Z$")


@pytest.mark.parametrize(
    ("incompatible", "what"),
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
    folder: PublishedFolder, incompatible: type[Fact], what: str
) -> None:
    folder.house.publish(folder.declare(Inspected))
    before = files_in(folder.house)
    facts = folder.declare(incompatible)
    with pytest.raises(Unpublishable) as raised:
        folder.house.publish(facts)
    assert raised.value.problems == [f"TestInspected.v1 {what}; publish a new version"]
    assert folder.house.problems(facts) == raised.value.problems
    assert files_in(folder.house) == before


@pytest.mark.parametrize("compatible", [GainedAnOptionalField, WidenedAnEnumeration])
def test_a_compatible_change_needs_no_new_version_and_keeps_the_sample(
    folder: PublishedFolder, compatible: type[Fact]
) -> None:
    folder.house.publish(folder.declare(Inspected))
    sample = (folder.house.samples / "TestInspected.v1.json").read_bytes()
    facts = folder.declare(compatible)
    assert "schemas/TestInspected.v1.json" in folder.house.publish(facts)
    assert folder.house.problems(facts) == []
    assert (folder.house.samples / "TestInspected.v1.json").read_bytes() == sample


def test_a_new_version_is_published_beside_the_old_one(folder: PublishedFolder) -> None:
    folder.house.publish(folder.declare(Inspected))
    before = files_in(folder.house)
    written = folder.house.publish(folder.declare(ChangedAType, version=2))
    assert "samples/TestInspected.v2.json" in written
    assert {path for path, content in files_in(folder.house).items() if before.get(path, content) != content} == {
        folder.house.generated / "asyncapi.json"
    }


def test_a_version_that_is_no_longer_declared_is_found(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.house.publish(folder.declare(Inspected))
    monkeypatch.delitem(PUBLISHED, ("TestInspected", 1))
    assert folder.house.problems({}) == ["TestInspected.v1.json: no longer published; facts are kept for ever"]


@pytest.mark.parametrize(
    ("corrupt", "why"),
    [
        (lambda sample: sample.replace(b'"length":1', b'"length":1,"colour":2'), "unknown field"),
        (lambda sample: sample.replace(b'"1234.00"', b'"1234"'), "reads back as other bytes"),
        (lambda sample: sample.replace(b'"good"', b'"bad"'), "Invalid enum value"),
        (lambda sample: sample[:-1], "truncated"),
    ],
)
def test_a_sample_that_no_longer_reads_back_is_found(
    folder: PublishedFolder, corrupt: Callable[[bytes], bytes], why: str
) -> None:
    facts = folder.declare(Inspected)
    folder.house.publish(facts)
    sample = folder.house.samples / "TestInspected.v1.json"
    corrupted = corrupt(sample.read_bytes())
    assert corrupted != sample.read_bytes()
    sample.write_bytes(corrupted)
    (problem,) = folder.house.problems(facts)
    assert why in problem


def test_fields_in_another_order_give_other_bytes(folder: PublishedFolder) -> None:
    folder.house.publish(folder.declare(Inspected))
    facts = folder.declare(Reordered)
    assert "TestInspected.v1.json: reads back as other bytes" in folder.house.problems(facts)


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
def test_a_fact_without_one_rendering_is_never_published(folder: PublishedFolder, kind: type[Fact], why: str) -> None:
    facts = folder.declare(kind)
    with pytest.raises(Unpublishable, match=why):
        folder.house.publish(facts)
    assert files_in(folder.house) == {}


def test_the_command_prints_the_problems_and_fails(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = folder.declare(Inspected)
    monkeypatch.setattr(publish, "HOUSE", folder.house)
    monkeypatch.setattr(publish, "load", lambda: facts)
    assert publish.main(["--check"]) == 1
    assert "not current" in capsys.readouterr().err
    assert publish.main([]) == 0
    assert "TestInspected.v1.json" in capsys.readouterr().out
    assert publish.main(["--check"]) == 0


def test_amounts_of_samples_keep_their_scale(folder: PublishedFolder) -> None:
    folder.declare(Inspected)
    sample: dict[str, Any] = msgspec.json.decode(sample_of(Inspected))
    assert sample["cost"] == "1234.00"
    assert Decimal(sample["cost"]) == 1234
    assert sample["effective_on"] == date(2016, 1, 1).isoformat()
