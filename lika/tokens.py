"""``lika token``: tokens of an installation without an identity provider."""

from datetime import timedelta
from typing import Annotated

import typer

from contracts.roles import Role
from lika.messages import say
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import LocalKey, issue_token


def token(
    subject: Annotated[str, typer.Argument(help="账号 / account")],
    role: Annotated[list[Role], typer.Option(help="岗位，可多次 / role, repeatable")],
    division: Annotated[str, typer.Option(help="区划前缀，空为全部 / division prefix, empty for everywhere")] = "",
    hours: Annotated[int, typer.Option(min=1, help="有效小时数 / hours it is valid")] = 8,
) -> None:
    """签发本地访问令牌 / issue a token signed by this installation."""
    settings = Settings()
    if Role.SERVICE in role:
        raise typer.BadParameter(say("service_signs_itself").line)
    if hours > settings.token_max_hours:
        raise typer.BadParameter(say("token_lives_too_long", hours=settings.token_max_hours).line)
    try:
        signed = issue_token(
            LocalKey.of(settings), subject=subject, roles=role, division=division, ttl=timedelta(hours=hours),
            now=SystemClock().now(), issuer=settings.token_issuer, audience=settings.token_audience,
        )  # fmt: skip
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    typer.echo(signed)
