"""Papers that stand behind facts: the simulation has none, so each digest is of the paper's name."""

from datetime import date
from hashlib import sha256

from contracts.facts import Decision, Evidence
from lika.simulation.divisions import Place

DEPARTMENTS = ("公安局", "民政局", "不动产登记中心", "市场监管局")


def paper(kind: str, name: str) -> Evidence:
    return Evidence(sha256=sha256(name.encode()).hexdigest(), kind=kind, name=name)


def decision(place: Place, day: date, about: str) -> Decision:
    """The county decides by one numbered document a month."""
    return Decision(
        organ=f"{place.county}县扶贫开发领导小组",
        decided_on=day,
        document_no=f"样{about}〔{day.year}〕{day.month}号",
        signer="组长",
    )
