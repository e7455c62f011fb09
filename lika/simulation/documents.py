"""Documents that facts cite: the simulation has none, so each digest is of the document's name."""

from datetime import date
from hashlib import sha256

from contracts.facts import Decision, Evidence
from lika.simulation.divisions import Division

DEPARTMENTS = ("公安局", "民政局", "不动产登记中心", "市场监管局")


def document_evidence(kind: str, name: str) -> Evidence:
    return Evidence(sha256=sha256(name.encode()).hexdigest(), kind=kind, name=name)


def decision(village: Division, day: date, series: str) -> Decision:
    """The county decides by one numbered document a month. ``series``: part of its number."""
    return Decision(
        organ=f"{village.county}县扶贫开发领导小组",
        decided_on=day,
        document_no=f"样{series}〔{day.year}〕{day.month}号",
        signer="组长",
    )
