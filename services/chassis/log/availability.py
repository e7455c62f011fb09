"""Why a unit of work was not carried out now, although nothing is wrong with it: try again later."""

from services.chassis.ground.refusals import UNAVAILABLE, rule

STORAGE_FULL = rule(
    "storage_full",
    zh="存储空间已满，本次操作没有保存；请通知管理员腾出空间后再试。",
    en="Storage is full and nothing was saved; try again once the operator has made room.",
    source="Lika operations",
    status=503,
)

UPGRADE_UNDER_WAY = rule(
    "upgrade_under_way",
    zh="系统正在升级：本服务还有旧版本的副本在运行，读不懂这次要写入的记录，因此没有保存任何内容。请稍后用同一个"
    " Idempotency-Key 重试；旧副本全部停止后即可写入。",
    en="An upgrade is under way: a replica of the former release still runs and could not read what this would record, so"
    " nothing was saved. Send it again with the same Idempotency-Key shortly; it is accepted once the former replicas are gone.",
    source="docs/decisions/0046-replicas-and-upgrades.md",
    status=503,
)


class StoreUnavailable(Exception):
    """The database could not be reached for as long as a command waits, or the store is closed. Whether the command got
    through may be unknown: sent again with the same key it has one effect."""

    rule = UNAVAILABLE


class StoreFull(StoreUnavailable):
    """The database has no room; nothing of the command was kept."""

    rule = STORAGE_FULL


class UpgradeUnderWay(StoreUnavailable):
    """A living replica could not read what this unit of work would append; nothing of it was kept."""

    rule = UPGRADE_UNDER_WAY
