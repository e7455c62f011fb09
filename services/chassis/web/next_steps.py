"""What to do next after a refusal, over HTTP: the routes that a service publishes and its access table say how and what for,
so an answer can name no other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic_core import to_jsonable_python

from services.chassis.ground.next_steps import NextStep
from services.chassis.security.access_table import AccessTable
from services.chassis.web.next_step_answers import NextOfficeAnswer, NextStepAnswer


@dataclass(frozen=True, slots=True)
class PublishedActs:
    """``routes``: act → method and path template of the service's own routes."""

    access: AccessTable
    routes: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, service: str, routes: Iterable[Any], access: AccessTable) -> Self:
        """``routes``: of the service's application, which is mounted at ``/service``."""
        operations = (route for route in routes if isinstance(route, APIRoute) and route.methods)
        return cls(access, {r.name: (min(r.methods or ()), f"/{service}{r.path_format}") for r in operations})

    def answers(self, steps: Sequence[NextStep], ids: Mapping[str, object]) -> list[NextStepAnswer]:
        """``ids``: parameters of the path of the request that was refused, where a step names none of its own. Raises
        ``KeyError`` for an act that the service does not publish, or an id that nobody named."""
        return [self._answer(step, {**ids, **step.ids}) for step in steps]

    def _answer(self, step: NextStep, ids: Mapping[str, object]) -> NextStepAnswer:
        row, (method, path) = self.access.row(step.act), self.routes[step.act]
        return NextStepAnswer(
            act=step.act, zh=row.zh, en=row.en, method=method, path=path.format(**ids),
            form=to_jsonable_python(dict(step.form)), office=NextOfficeAnswer.of(step.office), first_day=step.first_day,
        )  # fmt: skip


def published_acts(request: Request) -> PublishedActs | None:
    """Of the service that is asked; none outside of any."""
    return getattr(request.app.state, "published_acts", None) if "app" in request.scope else None
