"""The first stages: divisions are declared, and the villages' workbooks imported."""

from lika.demo.divisions import DIVISIONS
from lika.demo.officials import OPERATOR, village_cadre
from lika.demo.session import SampleSession
from lika.demo.workbooks import village_workbooks


async def declare_divisions(session: SampleSession) -> None:
    for division in DIVISIONS:
        body = {"code": division.code, "level": division.level, "name": division.name, "effective_on": "2014-01-01"}
        await session.client.post(OPERATOR, "/registry/divisions", body)
        if division.poor:
            designation = {"grade": "贫困村（样例）", "effective_on": "2014-04-15"}
            path = f"/registry/divisions/{division.code}/designations"
            await session.client.post(OPERATOR, path, designation)


async def import_workbooks(session: SampleSession) -> None:
    """Raises ``RuntimeError`` when a household of the sample is refused."""
    for name, content in village_workbooks(session.township):
        report = await session.client.import_workbook(village_cadre(name[:12]), name, content)
        if report["refused"]:
            raise RuntimeError(f"{name}: {report['errors'][:3]}")
    await session.load_household_ids()
