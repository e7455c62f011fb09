"""The sample's staff: whoever acts in it holds a post, entered by an operator who is not the same person."""

from typing import NamedTuple

from contracts.casework.directory import Appointment
from lika.demo.divisions import COUNTY, VILLAGES, village
from lika.demo.officials import (
    AUDITOR,
    COUNTY_DECIDER,
    COUNTY_REVIEWER,
    LABOUR_OFFICE,
    OPERATOR,
    SECOND_OPERATOR,
    TOWNSHIP_CADRE,
    TOWNSHIP_REVIEWER,
    Official,
    village_cadre,
    womens_congress,
)
from lika.demo.randomness import HashRandom
from lika.demo.session import SampleSession
from lika.fiction.names import GIVEN_FEMALE, GIVEN_MALE, SURNAMES

IN_POST_SINCE = "2014-01-01"


class SamplePost(NamedTuple):
    official: Official
    title: str
    appointment: Appointment


POSTS = (
    SamplePost(OPERATOR, "省扶贫办系统管理员", Appointment.APPOINTED),
    SamplePost(SECOND_OPERATOR, "省扶贫办系统管理员", Appointment.APPOINTED),
    SamplePost(AUDITOR, "省审计厅审计员", Appointment.SECONDED),
    SamplePost(COUNTY_DECIDER, "县扶贫办主任", Appointment.APPOINTED),
    SamplePost(COUNTY_REVIEWER, "县扶贫办股长", Appointment.APPOINTED),
    SamplePost(TOWNSHIP_REVIEWER, "分管副乡长", Appointment.ELECTED),
    SamplePost(TOWNSHIP_CADRE, "乡镇扶贫专干", Appointment.APPOINTED),
    SamplePost(LABOUR_OFFICE, "县就业局局长", Appointment.APPOINTED),
    SamplePost(womens_congress(village("Qingshan").code), "村妇代会主任", Appointment.ELECTED),
    *(SamplePost(village_cadre(each.code), "驻村工作队长", Appointment.SECONDED) for each in VILLAGES),
)


async def register_staff(session: SampleSession) -> None:
    """Persons with made-up names, their accounts, and a post each."""
    for sample in POSTS:
        official = sample.official
        operator = SECOND_OPERATOR if official is OPERATOR else OPERATOR
        person = {"name": _name(official.subject), "accounts": [official.subject], "effective_on": IN_POST_SINCE}
        member = (await session.client.post(operator, "/registry/staff", person))["location"]
        post = {
            "role": official.role, "title": sample.title, "division": official.division or COUNTY[:2],
            "appointment": sample.appointment, "effective_on": IN_POST_SINCE,
        }  # fmt: skip
        await session.client.post(operator, f"{member}/posts", post)


def _name(account: str) -> str:
    rng = HashRandom(f"staff/{account}")
    return rng.choice(SURNAMES) + rng.choice(GIVEN_MALE) + rng.choice(GIVEN_FEMALE)
