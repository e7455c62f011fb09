"""``lika bootstrap``: the first operator of an installation, entered in its staff directory from the machine itself."""

import logging
from typing import Annotated, Any
from uuid import uuid4

import typer

from contracts.accounts import SYSTEM_ACTOR
from contracts.casework.directory import AccountLinked, Appointment, PostAssumed, StaffRegistered
from contracts.civil import civil_day
from contracts.personal import Personal
from contracts.roles import Role
from lika.messages import say
from lika.operations.open_services import open_services
from services.casework.directory.rules import usable_account
from services.casework.directory.store import DirectoryCommands
from services.chassis.ground.refusals import Refused
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.security.sealing import seal
from services.chassis.service import Service
from services.registry.divisions.store import is_declared
from services.registry.service import NAME as REGISTRY


def bootstrap(
    account: Annotated[str, typer.Argument(help="账号（访问令牌的 sub）/ account, the subject of their tokens")],
    name: Annotated[str, typer.Option(prompt="姓名 / name", help="姓名，加密保存 / sealed under a key of their own")],
    province: Annotated[str, typer.Option(help="省级区划代码，2位 / code of the province, two digits")],
    title: Annotated[str, typer.Option(help="职务 / title")] = "省级系统管理员",
) -> None:
    """首位省级系统管理员登记入册，其后岗位由其登记 / Enter the first operator of the province in the staff directory.

    尚无在任的省级系统管理员时才可使用。Only while no operator of the province is in post.
    """
    configure_logging("json", level=logging.WARNING)
    if len(province) != 2 or not province.isdecimal():
        raise typer.BadParameter(say("province_has_two_digits").line)
    try:
        found = usable_account(account)
        with open_services(REGISTRY) as opened:
            _enter(opened.by_name[REGISTRY], found, name, province, title)
    except Refused as refusal:
        typer.echo(f"{refusal.rule.zh}\n{refusal.rule.en}", err=True)
        raise typer.Exit(1) from None
    typer.echo(say("operator_entered", account=found, province=province).line)


def _enter(registry: Service, account: str, name: str, province: str, title: str) -> None:
    staff_id = uuid4()
    common: dict[str, Any] = {
        "staff_id": staff_id,
        "effective_on": civil_day(registry.store.now()),
        "entered_by": SYSTEM_ACTOR,
    }
    keys = registry.environment.open_data_keys().keys_for([staff_id])
    registered = seal(StaffRegistered(name=Personal(name), **common), keys)
    post = PostAssumed(
        post_id=uuid4(), role=Role.OPERATOR, title=title, division=province, appointment=Appointment.APPOINTED, **common
    )
    commands = DirectoryCommands(f"/{REGISTRY}/staff", is_declared)
    registry.store.transact(commands.bootstrap(registered, AccountLinked(account=account, **common), post))
