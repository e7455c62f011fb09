"""Which acts are open on a case to the caller: those that its steps name, as far as the caller may."""

from collections.abc import Iterable, Mapping, Sequence

from services.casework.procedures.steps import CaseSteps
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, id_in


def acts_of_cases(steps: CaseSteps) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""

    def of_case(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:  # noqa: ARG001
        acts = steps.of(id_in(ids, "case_id"), actor).acts
        return [OpenAct(act.step.act, act.step.ids, act.step.form) for act in acts if act.refused is None]

    def of_objection(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        mine = of_case(actor, ids, there)
        return [each for each in mine if str(each.ids.get("objection_no")) == ids["objection_no"]]

    return {"/cases/{case_id}": of_case, "/cases/{case_id}/objections/{objection_no}": of_objection}
