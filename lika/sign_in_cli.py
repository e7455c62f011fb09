"""``lika sign-in``: the token behind a one-time link, kept for later commands."""

from typing import Annotated

import typer

from lika.messages import say
from services.chassis.security.one_time_links import PATH as SIGN_IN
from services.chassis.web.cli_client import Session, redeem


def sign_in(link: Annotated[str, typer.Argument(metavar="LINK", help="一次性链接 / one-time link")]) -> None:
    """用一次性链接登录，此后的命令不必再给令牌 / Sign in with a one-time link."""
    url, between, _ = link.partition(f"{SIGN_IN}/")
    if not between:
        raise typer.BadParameter(say("no_sign_in_link").line)
    Session(url, redeem(link)).store()
    typer.echo(say("signed_in", url=url).line)
