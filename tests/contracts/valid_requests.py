"""Valid requests of every operation, which the fuzzer mutates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from contracts.roles import Role
from tests.contracts.seeded_county import SeededCounty
from tests.support.evidence import uploaded
from tests.support.running import ApiClient


@dataclass(frozen=True)
class ValidRequest:
    """``body`` is ``None`` where the operation takes none."""

    client: ApiClient
    path: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    media_type: str = "application/json"


OCTETS = "application/octet-stream"
MakeRequest = Callable[[SeededCounty], ValidRequest]
NOT_TAKEN: Mapping[str, frozenset[str]] = {
    "registry": frozenset({"give_opinion", "give_signature", "make_inspection", "take_green_channel"}),
    "assistance": frozenset(
        {
            "make_visit", "give_consent", "give_opinion", "give_signature", "make_inspection", "make_comparison",
            "announce_case", "take_green_channel",
        }
    ),
    "monitoring": frozenset({"make_visit", "give_consent", "make_comparison", "announce_case", "take_green_channel"}),
}  # fmt: skip
"""Service → operations on cases that none of its procedures has on the county's day: well-formed, and refused by a rule."""


def reading_at(client: str, **path: Callable[[SeededCounty], Any]) -> MakeRequest:
    """A read of an existing object; ``path`` finds its ids."""
    return lambda county: ValidRequest(getattr(county, client), {name: find(county) for name, find in path.items()})


def reading(client: str = "auditor", /, **query: Any) -> MakeRequest:
    """A read without an id."""
    return lambda county: ValidRequest(getattr(county, client), query=query)


def clock_step(service: str) -> MakeRequest:
    """A step of the clock by a minute."""
    return lambda county: ValidRequest(
        county.operator, body={"to": (county.clock(service) + timedelta(minutes=1)).isoformat()}
    )


def foretell(county: SeededCounty) -> ValidRequest:
    """Asked by another service; nothing would be recorded."""
    peer = county.client_for("peer", "", Role.SERVICE)
    return ValidRequest(peer, body={"log": "registry", "position": 0, "facts": []})


def common_operations(service: str) -> dict[str, MakeRequest]:
    """The operations of every service."""
    return {
        "read_log_head": reading(),
        "read_log_page": lambda county: ValidRequest(county.auditor, {"page": 0}),
        "read_log_digests": lambda county: ValidRequest(county.auditor, {"stretch": 0}),
        "read_integrity": reading(),
        "list_differences": reading(),
        "read_clock": reading(),
        "read_access": reading(),
        "list_open_acts": reading(subject=f"/{service}/clock"),
        "list_running_exports": reading(),
        "step_clock": clock_step(service),
        **dict.fromkeys(("live", "ready"), reading()),
    }


def evidence_operations(service: str, subject: Callable[[SeededCounty], str]) -> dict[str, MakeRequest]:
    """The operations of every service that takes evidence. ``subject``: of that service, in the township."""

    def about_uploaded(body: Callable[[SeededCounty], Any] = lambda _: None, **query: Any) -> MakeRequest:
        def make(county: SeededCounty) -> ValidRequest:
            (evidence,) = uploaded(county.township, service, subjects=[subject(county)])
            return ValidRequest(county.township, {"evidence_id": evidence["file"]["id"]}, body(county), query)

        return make

    return {
        "upload_evidence": lambda county: ValidRequest(
            county.township, body={"kind": "minutes", "file": "会议记录"}, media_type="multipart/form-data"
        ),
        "add_evidence_subjects": about_uploaded(lambda county: {"subjects": [subject(county)]}),
        "read_evidence": about_uploaded(),
        "read_evidence_content": about_uploaded(purpose="case"),
    }


def inbox_operations() -> dict[str, MakeRequest]:
    """The operations of every service that has an inbox."""
    return {"read_inbox": reading(), "count_inbox": reading()}


AUDIT: Mapping[str, MakeRequest] = {
    **common_operations("audit"),
    "read_history": reading_at("auditor", household_id=lambda county: county.registered[0]),
    "read_derived_facts": lambda county: ValidRequest(
        county.auditor,
        {"household_id": county.registered[0]},
        query={"causes": f"registry/household-{county.registered[0]}/1"},
    ),
    "read_statement": reading(**{"from": 2014, "to": 2014}),
    "read_revised_statement": reading(compared_with="2013-12-31", **{"from": 2014, "to": 2014}),
    "list_revisions": reading(period=2014, column="closing", compared_with="2013-12-31"),
    "read_monitoring_statement": reading(**{"from": 2014, "to": 2014}),
    "list_movements": reading(period=2014, column="identified"),
    "list_stock": reading(as_of="2014-06-10"),
    "list_household_readings": reading_at("auditor", household_id=lambda county: county.registered[0]),
    "list_own_readings": reading(),
    "list_readings": reading(),
    "count_readings": reading(by="day"),
}
