"""The accounts of the sample township's officials."""

from dataclasses import dataclass

from contracts.roles import Role
from lika.demo.divisions import COUNTY, TOWNSHIP, VILLAGES


@dataclass(frozen=True, slots=True)
class Official:
    """An account with its role and the division it acts for; an empty division is all of them."""

    subject: str
    role: Role
    division: str


OPERATOR = Official("operator-1", Role.OPERATOR, "")
SECOND_OPERATOR = Official("operator-2", Role.OPERATOR, "")
"""Nobody enters their own post: each operator enters the other's."""
TOWNSHIP_CADRE = Official("township-cadre", Role.CADRE, TOWNSHIP)
TOWNSHIP_REVIEWER = Official("township-reviewer", Role.REVIEWER, TOWNSHIP)
COUNTY_REVIEWER = Official("county-reviewer", Role.REVIEWER, COUNTY)
COUNTY_SUPERVISOR = Official("county-supervisor", Role.REVIEWER, COUNTY)
"""Signs an acceptance that another inspected."""
COUNTY_DECIDER = Official("county-decider", Role.DECIDER, COUNTY)
AUDITOR = Official("auditor-1", Role.AUDITOR, "")


def village_cadre(village: str) -> Official:
    return Official(f"cadre-{village}", Role.CADRE, village)


LABOUR_OFFICE = Official("labour-office", Role.REVIEWER, COUNTY)
"""Signs what the county's federation gave its opinion on."""


def womens_congress(village: str) -> Official:
    """Certifies what the village's cadre applied for: nobody certifies their own entry."""
    return Official(f"women-{village}", Role.CADRE, village)


HATS = (
    AUDITOR,
    COUNTY_DECIDER,
    COUNTY_REVIEWER,
    TOWNSHIP_REVIEWER,
    village_cadre(VILLAGES[0].code),
    OPERATOR,
)
"""Whom the link that ``lika up`` prints signs in, all at once: it is the installation's own machine."""
