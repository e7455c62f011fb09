"""``lika migrate``."""

from rich.console import Console

from lika.house import databases
from lika.messages import say
from services.chassis.ground.settings import Settings


def migrate() -> None:
    """更新数据库结构 / bring every database up to date."""
    with databases(Settings()):
        Console(stderr=True).print(say("databases_migrated").line)
