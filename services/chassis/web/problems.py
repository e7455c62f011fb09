"""RFC 9457 problems: every answer that is not a success. No value that a caller sent is ever repeated in one."""

import secrets
from collections.abc import Sequence
from typing import Any

import anyio
import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_jsonable_python
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.canonical import UnknownType
from services.chassis.ground.metrics import incidents
from services.chassis.ground.refusals import MALFORMED, NOT_FOUND, Refused, Rule, Unavailable, rule
from services.chassis.log.dry_run import DryRun
from services.chassis.log.replicas import RELEASE_OUTDATED
from services.chassis.log.store import Store
from services.chassis.web.dry_run import IS_DRY_RUN, REFUSED_BY_A_RULE, answer_of_dry_run
from services.chassis.web.figures import in_words
from services.chassis.web.next_step_answers import NextStepAnswer
from services.chassis.web.next_steps import published_acts
from services.chassis.web.request_metrics import REFUSAL_CODE
from services.chassis.web.request_names import with_nearest
from services.chassis.web.validation_errors import FieldError, field_errors

MEDIA_TYPE = "application/problem+json"

METHOD_NOT_ALLOWED = rule(
    "method_not_allowed",
    zh="该地址不支持这种请求方法，请改用所列方法；/docs 列有全部地址。",
    en="This address does not support that method: use one that is listed; ``/docs`` has every address.",
    source="RFC 9110 §15.5.6",
    status=405,
)
TOO_LARGE = rule(
    "too_large",
    zh="提交的内容过大。",
    en="The request is too large.",
    source="Lika interface rules",
    status=413,
)
TARGET_TOO_LONG = rule(
    "target_too_long",
    zh="地址过长，请缩短查询条件。",
    en="The address is too long; ask for less in its query.",
    source="RFC 9110 §15.5.15",
    status=414,
)
UNSUPPORTED_MEDIA = rule(
    "unsupported_media",
    zh="不支持这种文件或内容类型。",
    en="This kind of file or content is not supported.",
    source="OpenAPI of this service",
    status=415,
)
INCIDENT = rule(
    "incident",
    zh="系统内部错误，请将事件编号告知管理员。",
    en="Something broke; tell the operator the incident number.",
    source="Lika operations",
    status=500,
)
DATABASE_AWAY = rule(
    "database_unavailable",
    zh="数据库暂时不可用，请稍后再试。",
    en="The database cannot be reached at this moment; try again shortly.",
    source="Lika operations",
    status=503,
)

RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, text in {
        401: "未登录 / Not signed in",
        403: "岗位无权 / Role not allowed",
        404: "没有找到或超出范围 / Absent or out of scope",
        409: "规则不允许 / Refused by a rule",
        408: "发送过慢 / Sent too slowly",
        413: "内容过大 / Too large",
        414: "地址过长 / Address too long",
        415: "类型不支持 / Unsupported media type",
        422: "格式不对 / Malformed",
        428: "缺少前提 / Precondition required",
        429: "次数过多或同时提交过多 / Too many, or too many at once, see Retry-After",
        431: "请求头过大 / Headers too large",
        503: "暂不可用 / Not available now, see Retry-After",
    }.items()
}
"""For every operation of every service: what it may answer besides success."""


MOST_ERRORS = 100
"""Errors that one answer lists; ``facts.more_errors`` counts the rest."""


class Problem(BaseModel):
    """``type``: ``urn:lika:problem:`` and the code. ``title`` Chinese, ``title_en`` English, ``source`` of the rule.

    ``facts``: figures of the refusal; ``detail``: both languages, with these figures in words.

    ``next``: what to do instead, in alternatives. ``errors``: one per error of a malformed request. ``incident``: in the log
    line.
    """

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    title_en: str
    status: int
    detail: str
    code: str
    source: str
    facts: dict[str, Any] = {}
    next: list[NextStepAnswer] = []
    errors: list[FieldError] = []
    incident: str | None = None


def problem(
    why: Rule, *, facts: dict[str, Any] | None = None, errors: list[FieldError] | None = None, incident: str | None = None,
    headers: dict[str, str] | None = None, next_steps: Sequence[NextStepAnswer] = (),
) -> JSONResponse:  # fmt: skip
    """The answer that renders a rule; an idempotent replay calls it again with ``RULES[code]``."""
    body = Problem(
        type=f"urn:lika:problem:{why.code}",
        title=why.zh,
        title_en=why.en,
        status=why.status,
        detail=f"{in_words(why.zh, facts or {}, 'zh')}\n{in_words(why.en, facts or {}, 'en')}",
        code=why.code,
        source=why.source,
        facts=to_jsonable_python(facts or {}),
        next=list(next_steps),
        errors=errors or [],
        incident=incident,
    )
    content = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, why.status, headers=headers, media_type=MEDIA_TYPE)


async def refused(request: Request, error: Refused) -> JSONResponse:
    """Handler of ``Refused``. A dry run that was refused before its unit of work began has read nothing but the head."""
    request.scope[REFUSAL_CODE] = error.rule.code
    if request.scope.get(IS_DRY_RUN) and error.rule.status == REFUSED_BY_A_RULE:
        store: Store = request.app.state.store
        position = await anyio.to_thread.run_sync(store.position)
        dry_run = DryRun(position, (error,))
        return answer_of_dry_run(store.name, dry_run, acts=published_acts(request), ids=request.path_params)
    acts = published_acts(request)
    steps = [] if acts is None else acts.answers(error.next, request.path_params)
    return problem(error.rule, facts=error.facts, headers=error.headers, next_steps=steps)


async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
    """Handler of everything that does not fit the OpenAPI document."""
    request.scope[REFUSAL_CODE] = MALFORMED.code
    errors, body = error.errors(), getattr(request.scope.get("route"), "body_field", None)
    hint = body and body.field_info.annotation
    told = [with_nearest(each, hint) for each in errors[:MOST_ERRORS]]
    facts = {"more_errors": len(errors) - MOST_ERRORS} if len(errors) > MOST_ERRORS else {}
    owners = [name for name in (getattr(hint, "__name__", ""), getattr(request.scope.get("route"), "name", "")) if name]
    return problem(MALFORMED, facts=facts, errors=field_errors(told, owners))


async def http_error(request: Request, error: HTTPException) -> JSONResponse:
    """Handler of what the framework itself refuses: no such route, wrong method, unreadable body; or what
    ``Refused`` was its cause."""
    if isinstance(error.__cause__, Refused):
        return await refused(request, error.__cause__)
    plain = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 413: TOO_LARGE, 415: UNSUPPORTED_MEDIA}
    # 400 is the framework's word for a body that cannot be read (broken UTF-8, broken multipart).
    why = plain.get(error.status_code, MALFORMED)
    request.scope[REFUSAL_CODE] = why.code
    headers = dict(error.headers or {})
    figures = Refused(why, methods=headers["Allow"]).facts if "Allow" in headers else {}
    return problem(why, facts=figures, headers=headers)


async def database_away(request: Request, error: Exception) -> JSONResponse:
    """Handler of a database that is down, restarting, or out of connections: nothing was decided, try again."""
    structlog.get_logger().warning("database_unavailable", service=request.app.state.service, exc_info=error)
    return await refused(request, Unavailable(DATABASE_AWAY, retry_after=2))


async def release_outdated(request: Request, error: UnknownType) -> JSONResponse:
    """Handler of facts that a later release recorded."""
    structlog.get_logger().error("release_outdated", service=request.app.state.service, kind=str(error))
    return await refused(request, Unavailable(RELEASE_OUTDATED, retry_after=2))


class Incidents:
    """ASGI middleware: an unexpected failure becomes a 500 with an incident number, and one log line without values."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            number = _number()
            structlog.get_logger().error("incident", service=self.service, incident=number, exc_info=error)
            incidents.labels(self.service).inc()
            if begun:
                raise  # half an answer is out: only the server can cut the connection
            scope[REFUSAL_CODE] = INCIDENT.code
            await problem(INCIDENT, incident=number)(scope, receive, send)


def _number() -> str:
    # Letters only: the log filter holds long runs of digits for a person's number.
    return "".join(secrets.choice("bcdfghjkmnpqrstvwxz") for _ in range(10))


def with_problem_schema(document: dict[str, Any]) -> dict[str, Any]:
    """Add what ``RESPONSES`` refers to."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas |= schema.pop("$defs", {})
    schemas["Problem"] = schema
    return document


def with_signed_commands(document: dict[str, Any]) -> dict[str, Any]:
    """Say of every command that it needs a token. Commands read theirs themselves, for each dependency within another
    costs the framework as much as the rest of the request."""
    for methods in document["paths"].values():
        for operation in methods.values():
            if any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ())):
                operation["security"] = [{"bearer": []}]
    return document
