"""A county in which every duty set of the release is lived once: whoever it is about is paired, listed or entered, and what a
duty asks for is recorded as its documents say, with what comes first."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from contracts.casework.records import SubjectKind
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS
from services.assistance.pairs.document import KIND as PAIR_KIND
from services.assistance.pairs.document import PairKind, pair_kind_from
from services.casework.duties.document import KIND as DUTY_SET
from services.casework.duties.document import Duty, DutySet, duty_set_from
from services.casework.records.document import KIND as RECORD_KIND
from services.casework.records.document import Field, FieldType, RecordKind, record_kind_from
from services.casework.records.streams import subject_of_division
from services.chassis.law.content import as_dicts, content_of
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY_TEXTS
from tests.assistance.harness import COUNTY, TOWNSHIP, VILLAGE, AssistanceHarness, Family

TEXTS = [(p.kind, as_dicts(content_of(p.content))) for p in FIRST_TEXTS.proposals]
DUTY_SETS: Mapping[str, DutySet] = {d.duty_set: d for kind, c in TEXTS if kind == DUTY_SET for d in [duty_set_from(c)]}
RECORDS: Mapping[str, RecordKind] = {
    r.record_kind: r for k, c in TEXTS if k == RECORD_KIND for r in [record_kind_from(c)]
}
PAIRS: Mapping[str, PairKind] = {p.pair_kind: p for kind, c in TEXTS if kind == PAIR_KIND for p in [pair_kind_from(c)]}
BY_UNIT = "县教育局"


def filled(field: Field, day: str) -> dict[str, Any]:
    """Something that the field takes."""
    if field.measured_in is not None:
        return {"field": field.name, "number": "1"}
    if field.type is FieldType.DAY:
        return {"field": field.name, "day": day}
    return {"field": field.name, "text": field.codes[0].code if field.codes else "按要求填写"}


class Somebody:
    """Who is helped: a household and its pupil, a village, and a party of each kind, all with one helper."""

    def __init__(self, field: "FieldCounty", helper: str, village: str) -> None:
        self.field, self.helper, self.village = field, helper, village
        self.family = field.family_in(village)
        self.parties: dict[str, str] = {}
        self.pairs: dict[str, str] = {}
        self.listings: dict[str, str] = {}

    def party(self, kind: str) -> str:
        """Id of a party of that kind, with this helper's account."""
        if kind not in self.parties:
            person = kind in ("teacher", "worker", "volunteer", "resident")
            body = {
                "kind": kind, "division": self.village, "account": self.helper, "effective_on": self.field.day,
                "number" if person else "name": f"{kind}-{self.helper}",
            }  # fmt: skip
            self.parties[kind] = self.field.post("/parties", body).rsplit("/", 1)[1]
        return self.parties[kind]

    def subject(self, kind: SubjectKind) -> dict[str, str]:
        """As forms name it."""
        match kind:
            case SubjectKind.HOUSEHOLD:
                return {"kind": "household", "id": str(self.family.household)}
            case SubjectKind.PERSON:
                return {"kind": "person", "id": str(self.family.pupil.person_id)}
            case SubjectKind.DIVISION:
                return {"kind": "division", "place": self.village}
        return {"kind": "party", "id": self.party("school")}

    def record(self, kind: str, day: str, about: SubjectKind | dict[str, str], *asked: str, times: int = 1) -> str:
        """Where the last of them can be read; what comes first is recorded first."""
        document = RECORDS[kind]
        subject = self.subject(about) if isinstance(about, SubjectKind) else about
        told = self.field.made.setdefault((subject.get("id") or subject["place"]), set())
        for first in document.after:
            if first not in told:
                self.record(first, day, subject)
        told.add(kind)
        body: dict[str, Any] = {
            "kind": kind, "subject": subject, "effective_on": day, "done_by": self.helper,
            "values": [filled(f, day) for f in document.fields if f.required or f.name in asked],
        }  # fmt: skip
        if document.attendance is not None:
            body["attendance"] = {"unnamed": 3}
        made = ""
        for _ in range(times):
            made = self.field.post("/records", body, self.field.whoever_makes(document))
            if document.confirmed_by is not None:
                self.field.post(f"{made}/confirmations", None, self.field.reviewer)
        return made

    def listed(self, kind: str) -> None:
        if kind not in self.listings:
            document = PAIRS[kind]
            body = {"kind": kind, "subject": self.subject(document.helped[0]), "effective_on": self.field.day}
            if document.priorities:
                body["priority"] = document.priorities[0].code
            self.listings[kind] = self.field.post("/listings", body)

    def paired(self, kind: str, helper_subject: str | None = None, **more: Any) -> str:
        document, day = PAIRS[kind], self.field.day
        if kind in self.pairs:
            return self.pairs[kind]
        if document.listed_first:
            self.listed(kind)
        for first in document.after:
            self.record(first, day, document.helped[0])
        body = {
            "kind": kind, "subject": self.subject(document.helped[0]), "helper": self.helper, "unit": BY_UNIT,
            "effective_on": day, **more,
        }  # fmt: skip
        if document.modes:
            body["mode"] = document.modes[0].code
        if document.helper_is is not None:
            body["helper_subject"] = helper_subject or self.field.on_record(document.helper_is, self)
        if document.term_years is not None:
            body["ends_on"] = day.replace(day[:4], str(int(day[:4]) + document.term_years))
        self.pairs[kind] = self.field.post("/pairs", body)
        return self.pairs[kind]

    def id_of(self, duty: Duty) -> UUID:
        """Of whom the duty is owed to."""
        match duty.obligation:
            case "party":
                return UUID(self.party(duty.of or ""))
            case "record":
                return UUID(self.id_of_subject(RECORDS[duty.of or ""].subjects[0]))
        return UUID(self.id_of_subject(PAIRS[duty.of or ""].helped[0]))

    def id_of_subject(self, kind: SubjectKind) -> str:
        subject = self.subject(kind)
        return subject.get("id") or str(subject_of_division(subject["place"]))

    def owes(self, duty: Duty, ends_on: str | None = None) -> None:
        """Whatever the duty follows from."""
        day = self.field.day
        match duty.obligation:
            case "party":
                self.party(duty.of or "")
            case "listed_for_help":
                self.listed(duty.of or "")
            case "record":
                self.record(duty.of or "", day, RECORDS[duty.of or ""].subjects[0])
            case _:
                self.paired(duty.of or "", **({"ends_on": ends_on} if ends_on else {}))

    def does(self, duty: Duty, day: str) -> None:
        """What the duty asks for, as often as it asks for it."""
        asked = duty.fulfilled_by
        match asked.fact:
            case "PairFormed":
                self.paired(asked.fields[0])
            case "PairCommitted":
                pair = self.paired(duty.of or "")
                for side in ("helper", "helped"):
                    self.field.post(f"{pair}/commitments", {"side": side, "effective_on": day})
            case kind:
                about: SubjectKind | dict[str, str]
                match duty.obligation:
                    case "party":
                        about = {"kind": "party", "id": self.party(duty.of or "")}
                    case "record":
                        about = RECORDS[duty.of or ""].subjects[0]
                    case _:
                        about = PAIRS[duty.of or ""].helped[0]
                self.record(kind, day, about, *asked.fields, times=duty.at_least)


class FieldCounty:
    """``day``: on which everything begins."""

    def __init__(self, harness: AssistanceHarness, day: str) -> None:
        self.harness, self.day = harness, day
        REGISTRY_TEXTS.adopt(harness.registry)
        harness.running.positions["registry"] = harness.registry.position()
        harness.get("/inbox")
        client = harness.running.client_for
        self.office = client("office-1", COUNTY, Role.REVIEWER)
        self.cadre = client("office-2", COUNTY, Role.CADRE)
        self.reviewer = client("reviewer-9", TOWNSHIP, Role.REVIEWER)
        self.stranger = client("cadre-9", "990002101201", Role.CADRE)
        self.village_cadre = client("cadre-8", VILLAGE, Role.CADRE)
        self.families: dict[str, list[Family]] = {}
        self.made: dict[str, set[str]] = {}
        self.helpers = iter(range(1, 1000))

    def settle(self, village: str, count: int) -> None:
        """So many families in the register."""
        found = [Family.new() for _ in range(count)]
        for family in found:
            family.division = village
        for at in range(0, count, 15):  # so that nobody waits for a large batch of reactions
            some = found[at : at + 15]
            self.harness.record(*(f for of in some for f in (of.recorded("2014-01-05"), of.enrolled("2014-06-01"))))
        self.families.setdefault(village, []).extend(found)

    def family_in(self, village: str) -> Family:
        if not self.families.get(village):
            self.settle(village, 1)
        return self.families[village].pop()

    def post(self, path: str, body: Any, who: Any = None) -> str:
        answer = (who or self.cadre).post(f"/assistance{path}", body)
        assert answer.status_code == 201, (path, body, answer.text)
        return str(answer.json()["location"]).removeprefix("/assistance")

    def whoever_makes(self, document: RecordKind) -> Any:
        return self.cadre if Role.CADRE in document.made_by.roles else self.office

    def on_record(self, kind: SubjectKind, but: Somebody) -> str:
        """Somebody who can help as what they are on record: an organisation, a fellow pupil."""
        other = Somebody(self, f"other-{next(self.helpers)}", but.village)
        return other.party("bureau") if kind is SubjectKind.PARTY else str(other.family.pupil.person_id)

    def duties(self, subject: UUID, who: Any = None, **asked: Any) -> list[dict[str, Any]]:
        items = self.harness.get("/duties", who or self.office, subject=str(subject), since="2014-01-01", **asked)[
            "items"
        ]
        return [duty for item in items for duty in item["duties"]]


def duties_of(duty_set: str) -> Iterator[Duty]:
    yield from DUTY_SETS[duty_set].duties
