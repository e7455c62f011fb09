"""Keys: that nobody else can read them, and that they are the ones the data were sealed with."""

from pathlib import Path

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Premises
from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.messages import CHASSIS
from services.chassis.ground.settings import Settings
from services.chassis.security.sealing import SealBroken
from services.registry.service import NAME as REGISTRY
from services.registry.service import VAULT
from services.registry.vault.kek import LocalKek, UnknownKek

OTHERS = 0o077

SAMPLE = """
(SELECT subject, number, wrapped, kek_number FROM data_keys WHERE wrapped IS NOT NULL ORDER BY kek_number LIMIT 10)
UNION
(SELECT subject, number, wrapped, kek_number FROM data_keys WHERE wrapped IS NOT NULL ORDER BY kek_number DESC LIMIT 10)
"""
"""Of the oldest and of the newest key-encryption key in use, by their index."""

CLAIMED = """
WITH RECURSIVE used AS (
    (SELECT kind, key_number FROM claims ORDER BY kind, key_number LIMIT 1)
    UNION ALL
    SELECT beyond.kind, beyond.key_number FROM used, LATERAL (
        SELECT kind, key_number FROM claims WHERE (kind, key_number) > (used.kind, used.key_number)
        ORDER BY kind, key_number LIMIT 1
    ) AS beyond
)
SELECT kind, key_number FROM used
"""
"""Which kinds are claimed under which keys: one step of the index for each, however many claims there are."""


def key_files(house: Premises) -> Finding:
    folder = house.settings.keys_dir
    if not folder.exists():
        return ok("key_files", "没有密钥文件", "no key files")
    files = sorted(path for path in folder.iterdir() if path.suffix in (".key", ".jwk"))
    exposed = [path.name for path in files if path.stat().st_mode & OTHERS]
    if exposed:
        listed = " ".join(str(folder / name) for name in exposed)
        return broken(
            "key_files", f"其他用户可读取密钥文件：{', '.join(exposed)}", f"others may read: {', '.join(exposed)}",
            f"请执行 chmod 600 {listed}，并视这些密钥为已泄露，予以更换",
            f"run chmod 600 {listed}, consider these keys known, and replace them",
        )  # fmt: skip
    if folder.stat().st_mode & OTHERS:
        return warning(
            "key_files", f"其他用户可进入 {folder}", f"others may enter {folder}",
            f"请执行 chmod 700 {folder}", f"run chmod 700 {folder}",
        )  # fmt: skip
    return ok(
        "key_files", f"{len(files)} 个密钥文件，只有本账户可读", f"{len(files)} key files, readable by their owner only"
    )


def vault_key(house: Premises) -> Finding:
    """Whether data keys can be unwrapped with the key-encryption key at hand. Nothing of them is kept or shown."""
    name = f"{VAULT}.key_encryption_key"
    sample = house.ask(VAULT, SAMPLE)
    if not sample:
        return ok(name, "尚无数据密钥", "no data keys yet")
    try:
        held = present_kek(house.settings)
        if held is None:
            return broken(
                name, "数据密钥已存在，但没有密钥加密密钥", "there are data keys, but no key-encryption key",
                f"不要启动（会生成新密钥）。请从备份恢复 {house.settings.keys_dir / 'kek.key'} 或设置 LIKA_KEK",
                f"do not start: it would make a new one. Restore {house.settings.keys_dir / 'kek.key'} or set LIKA_KEK",
            )  # fmt: skip
        kek = LocalKek({1: held})
        for subject, number, wrapped, kek_number in sample:
            kek.unwrap(bytes(wrapped), kek_number, subject, number)
    except (SealBroken, UnknownKek, ValueError):
        return broken(
            name, "现有的密钥加密密钥打不开数据密钥", "the key-encryption key at hand does not open the data keys",
            "请从备份恢复与此数据库配套的密钥；在此之前不要新增数据",
            "restore the key that belongs to this database, and record nothing before that",
        )  # fmt: skip
    except KeyFileExposed:
        return broken(
            name, "密钥加密密钥文件对其他用户开放，Lika 拒绝使用", "the key-encryption key's file is open to others",
            "见 key_files", "see key_files",
        )  # fmt: skip
    return ok(name, f"抽查的 {len(sample)} 个数据密钥均可打开", f"{len(sample)} sampled data keys can be opened")


def index_keys(house: Premises) -> Finding:
    """Whether what makes ID numbers and accounts unique is looked up under the keys it was claimed under."""
    name = f"{REGISTRY}.index_keys"
    claimed: dict[str, set[int]] = {}
    for kind, number in house.ask(REGISTRY, CLAIMED):
        claimed.setdefault(kind, set()).add(number)
    if not claimed:
        return ok(name, "尚无唯一性登记", "nothing is claimed yet")
    try:
        held = present_index_keys(house.settings)
    except (KeyFileExposed, ValueError):
        return broken(
            name, "索引密钥文件无法使用", "the files of the index keys cannot be used", "见 key_files", "see key_files"
        )
    used = set().union(*claimed.values())
    if lost := sorted(used - held):
        return broken(
            name, f"缺少第 {_listed(lost)} 号索引密钥，重复登记将不被发现",
            f"index keys {_listed(lost)} are missing: duplicates would go unnoticed",
            "不要启动（可能生成新密钥）。请从备份恢复 index-N.key 或补全 LIKA_INDEX_KEYS",
            "do not start: it might make new ones. Restore index-N.key or complete LIKA_INDEX_KEYS",
        )  # fmt: skip
    if unfilled := sorted(n for n in held if any(n not in numbers for numbers in claimed.values())):
        return warning(
            name, f"第 {_listed(unfilled)} 号索引密钥尚未覆盖全部登记", f"not everything is claimed under {_listed(unfilled)}",
            "补登完成之前请保留旧密钥", "keep the older keys until everything is claimed under the new one",
        )  # fmt: skip
    return ok(name, f"索引密钥 {_listed(sorted(held))} 齐备", f"index keys {_listed(sorted(held))} are here")


def present_kek(settings: Settings) -> bytes | None:
    """The key-encryption key, and none made where there is none. Raises ``KeyFileExposed``."""
    return settings.load_kek() if settings.kek is not None or (settings.keys_dir / "kek.key").exists() else None


def present_index_keys(settings: Settings) -> set[int]:
    """Numbers of the digest keys, and none made where there are none. Raises ``KeyFileExposed``."""
    if settings.index_keys is not None:
        return set(settings.load_index_keys())
    files: list[Path] = sorted(settings.keys_dir.glob("index-[0-9]*.key"))
    for file in files:
        if file.stat().st_mode & OTHERS:
            raise KeyFileExposed(CHASSIS.say("key_file_exposed", file=file))
    return {int(file.stem.removeprefix("index-")) for file in files}


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
