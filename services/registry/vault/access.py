"""Which service may do what at the vault. No person may do anything there."""

from collections.abc import Mapping

from contracts.roles import Role
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.security.actor import Actor
from services.chassis.web.access_rows import DOCUMENTATION_ROWS

SERVICE = frozenset({Role.SERVICE})
SEALING = frozenset({"registry", "assistance", "monitoring"})
"""Services that seal personal data or papers. The audit holds seals that it cannot open."""
REGISTRY = frozenset({"registry"})

ASKERS: Mapping[str, frozenset[str]] = {
    "make_keys": SEALING,
    "read_keys": SEALING,
    "compare_keys": SEALING,
    "list_concerns": SEALING,
    "read_concerns": REGISTRY,
    "read_destructions": SEALING,
    "destroy_key": REGISTRY,
}
"""Which services may carry out each operation."""


def _row(act: str, zh: str, en: str) -> AccessRow:
    names = sorted(ASKERS[act])
    return AccessRow(
        act,
        SERVICE,
        Relation.WHOLE_INSTALLATION,
        f"{zh}（服务：{'、'.join(names)}）",
        f"{en} (services: {', '.join(names)})",
    )


ACCESS = AccessTable(
    *DOCUMENTATION_ROWS,
    AccessRow("live", None, Relation.PUBLIC, "进程是否存活", "Whether the process answers"),
    AccessRow("ready", None, Relation.PUBLIC, "服务是否就绪", "Whether the service can serve"),
    _row("make_keys", "取得数据密钥，没有的新建", "Have data keys, made where there are none"),
    _row("read_keys", "取得已有的数据密钥", "Have data keys that exist"),
    _row("compare_keys", "核对密文所用密钥是否都在", "Compare the keys that seals name with those at hand"),
    _row("list_concerns", "登记密钥所涉对象", "Note whom a key concerns"),
    _row("read_concerns", "查询涉及某对象的密钥", "Read which keys concern somebody"),
    _row("read_destructions", "查询已销毁的密钥", "Read whose keys were destroyed"),
    _row("destroy_key", "依法销毁数据密钥", "Destroy a data key, lawfully"),
)

NOT_FOR_THIS_SERVICE = rule(
    "not_for_this_service",
    zh="密钥库不允许该服务进行此操作；哪些服务可以，见权限表。",
    en="The vault does not let this service do that; the access table says which may.",
    source="access table of the vault (docs/rules/access.md)",
    status=403,
)


def require_asker(act: str, actor: Actor) -> str:
    """The name of the service that asks. Raises ``Refused`` (403) for one that may not."""
    if actor.service is None or actor.service not in ASKERS[act]:
        raise Refused(NOT_FOR_THIS_SERVICE, services=sorted(ASKERS[act]))
    return actor.service
