"""``lika migrate``: databases, accounts and tables."""

from typing import Annotated

import typer
from rich.console import Console

from lika.databases import MIGRATIONS, databases, migrate_own
from lika.messages import say
from services.chassis.ground.settings import Settings


def migrate(
    service: Annotated[
        list[str] | None, typer.Argument(metavar="SERVICE", help="服务，缺省全部 / services, by default all")
    ] = None,
    new_passwords: Annotated[
        bool, typer.Option("--new-passwords", help="更换各账户的密码 / give the accounts new passwords")
    ] = False,
) -> None:
    """建立或更新数据库及其账户，收回多余的权限 / Make databases and accounts, bring them up to date, set rights right.

    以 DATABASE_URL 的管理员账户进行；设置了 LIKA_MIGRATOR_URL 时，以该账户更新这一个服务的数据库。
    As the administrator of DATABASE_URL; with LIKA_MIGRATOR_URL, as that account, the database of that one service.
    """
    wanted = service or list(MIGRATIONS)
    if unknown := [name for name in wanted if name not in MIGRATIONS]:
        raise typer.BadParameter(say("no_such_service", service=unknown[0]).line)
    settings = Settings()
    if settings.migrator_url is None:
        with databases(settings, wanted, new_passwords=new_passwords, reset=True):
            pass
    elif len(wanted) != 1 or new_passwords:
        raise typer.BadParameter(say("migrator_of_one_service").line)
    else:
        migrate_own(settings.migrator_url.get_secret_value(), wanted[0], settings.keys_dir)
    Console(stderr=True).print(say("databases_migrated").line)
