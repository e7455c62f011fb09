"""What follows for an entitlement when the register learns something: each programme says it for every case, so none is forgotten."""

from enum import StrEnum

import msgspec


class AfterExit(StrEnum):
    CONTINUES_IN_STAGE = "continues_in_stage"  # within the same school stage (M119), where the exit leaves policies
    CONTINUES = "continues"
    STOPS = "stops"


class Then(StrEnum):
    CONTINUES = "continues"
    STOPS = "stops"


class Along(StrEnum):
    """Of a unit that lives elsewhere, or in another household."""

    TRANSFERS = "transfers"
    STOPS = "stops"


class Follows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``removal``: the household never qualified; ``end``: it was cancelled; ``unregistered``: its enrolment is void; ``back_in``: it
    returned to the register (返贫); ``leaving``: the person left every household; ``split`` and ``merge``: the unit is in another
    household now; ``re_evaluation``: what the programme asks of the unit holds no longer. A suspension is undone by none of them."""

    exit: AfterExit
    removal: Then
    end: Then
    unregistered: Then
    back_in: Then = msgspec.field(name="return")
    leaving: Then
    death: Then
    move: Along
    split: Along
    merge: Along
    stage_change: Then
    re_evaluation: Then
