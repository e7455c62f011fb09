"""What programmes (帮扶项目) of help are made of, as far as facts name it: whom they are for, and who is paid."""

from enum import StrEnum


class UnitKind(StrEnum):
    """Whom a programme is for. ``CASE``: somebody outside of the register of whom only the number of a case is known (M055)."""

    PERSON = "person"
    PUPIL = "pupil"
    WORKER = "worker"
    HOUSEHOLD = "household"
    VILLAGE = "village"
    SCHOOL = "school"
    CASE = "case"


class PayeeKind(StrEnum):
    """Who is paid, which need not be whom it is for: meals go to the canteen, exemptions to the school, contributions to the
    insurer, never in cash to a pupil."""

    PERSON = "person"
    HOUSEHOLD = "household"
    SCHOOL = "school"
    CANTEEN = "canteen"
    HOSPITAL = "hospital"
    VILLAGE = "village"
    INSURER = "insurer"
