"""Which acts are open on a subject to the caller. A subject is where acts stand: ``/registry/clues/<id>``, or a whole collection
(``/registry/schools``). Of the acts there, those that the access table lets the caller do; where a service says more of its
subjects, those that apply to it as it is, with what is settled in their forms."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.web.next_steps import PublishedActs


@dataclass(frozen=True, slots=True)
class OpenAct:
    """``ids``: parameters of the act's path; ``form``: fields of its body that are settled."""

    act: str
    ids: Mapping[str, object] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)


class SubjectActs(Protocol):
    """What a service says of one kind of subject. Blocking."""

    def __call__(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """Those that are open, in order. ``there``: all that stand at its path. What the access table keeps from the actor goes
        afterwards. Raises ``Refused`` for a subject that is none for this actor."""


class OpenActAnswer(BaseModel):
    """``act``: operation id; ``zh``, ``en``: what it is for; ``path``: where it stands; ``form``: fields of its body that are
    settled."""

    act: str
    zh: str
    en: str
    path: str
    form: dict[str, Any] = {}


class SubjectActsAnswer(BaseModel):
    """``exists``: false where the service knows that it is no such subject for the caller, who can read nothing of it then; ``acts``:
    none then."""

    subject: str
    exists: bool
    acts: list[OpenActAnswer]


@dataclass(frozen=True, slots=True)
class OpenActs:
    """``said``: template of a subject's path → what the service says of such subjects; ``there``: template → acts."""

    published: PublishedActs
    said: Mapping[str, SubjectActs]
    there: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, service: str, published: PublishedActs, said: Mapping[str, SubjectActs]) -> Self:
        """``said``: by templates without the service."""
        there: dict[str, tuple[str, ...]] = {f"/{service}{template}": () for template in said}
        for act in published.access.rows:
            method, path = published.routes.get(act, ("", ""))
            if method == "POST" and "{" in path:
                template = subject_of(path)
                there[template] = (*there.get(template, ()), act)
        return cls(published, {f"/{service}{template}": each for template, each in said.items()}, there)

    def answer(self, subject: str, actor: Actor) -> SubjectActsAnswer:
        """Of a subject of any kind."""
        try:
            return SubjectActsAnswer(subject=subject, exists=True, acts=self.on(subject, actor))
        except Refused as no:
            return SubjectActsAnswer(subject=subject, exists=no.rule.status != NOT_FOUND.status, acts=[])

    def on(self, subject: str, actor: Actor) -> list[OpenActAnswer]:
        """In the order of the access table. Raises ``Refused`` for a subject that is none for this actor."""
        rows = self.published.access.rows
        return [
            OpenActAnswer(
                act=each.act, zh=rows[each.act].zh, en=rows[each.act].en,
                path=self.published.routes[each.act][1].format(**each.ids), form=to_jsonable_python(dict(each.form)),
            )
            for each in self._open(subject, actor)
            if rows[each.act].refusal(actor) is None
        ]  # fmt: skip

    def _open(self, subject: str, actor: Actor) -> Iterable[OpenAct]:
        if self._is_collection(subject):
            return [OpenAct(act) for act in self.published.access.rows if self._begins_under(subject, act)]
        for template in sorted(self.there, key=lambda each: each.count("{")):
            if (ids := ids_in(template, subject)) is not None:
                there = [OpenAct(act, ids) for act in self.there[template]]
                said = self.said.get(template)
                return there if said is None else said(actor, ids, there)
        return []

    def _is_collection(self, subject: str) -> bool:
        """Whether a path without parameters is this one, or stands under it."""
        return any(_stands_under(subject, path) for _, path in self.published.routes.values())

    def _begins_under(self, subject: str, act: str) -> bool:
        method, path = self.published.routes.get(act, ("", ""))
        return method == "POST" and _stands_under(subject, path)


def subject_of(path: str) -> str:
    """A path as far as its last parameter: ``/clues/{clue_id}/acceptances`` is about ``/clues/{clue_id}``."""
    return path[: path.rindex("}") + 1]


def _stands_under(subject: str, path: str) -> bool:
    return "{" not in path and f"{path}/".startswith(f"{subject}/") and subject != ""


def ids_in(template: str, path: str) -> dict[str, str] | None:
    """``None`` where the path is no such subject."""
    found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
    return None if found is None else found.groupdict()


def id_in(ids: Mapping[str, str], name: str) -> UUID:
    """Raises ``NOT_FOUND``."""
    try:
        return UUID(ids[name])
    except ValueError:
        raise Refused(NOT_FOUND) from None


def among(there: Iterable[OpenAct], acts: Iterable[str]) -> list[OpenAct]:
    """Those of these names, in the order of what stands there."""
    wanted = frozenset(acts)
    return [each for each in there if each.act in wanted]


def open_acts(request: Request) -> OpenActs:
    """Of the service that is asked."""
    found: OpenActs = request.app.state.open_acts
    return found
