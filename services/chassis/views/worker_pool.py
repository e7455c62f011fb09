"""Worker processes that fold parts of a rebuild, as many as there are cores."""

import copyreg
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from copy import deepcopy
from multiprocessing.connection import Connection, Pipe, wait
from types import MappingProxyType, TracebackType
from typing import Any, Self

from contracts.canonical import UnknownType
from services.chassis.views.folding import Folded, FoldFailed, FoldTask, connected, fold_range

Part = tuple[Any, Any]

SERVES = "import sys; from services.chassis.views.folding import serve_folding; serve_folding(int(sys.argv[1]))"


def _read_only(content: dict[Any, Any]) -> Any:
    return MappingProxyType(content)


# Parameters are read-only mappings; a view may carry some of them to the processes that fold it.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))


class FoldingFailed(RuntimeError):
    """A worker failed or died; nothing that is read by anybody was changed."""


class WorkerPool:
    """Started when they are first needed, stopped at the end of the ``with`` block. They die with this process."""

    def __init__(self, count: int | None = None) -> None:
        self._count = count or os.cpu_count() or 1
        self._processes: dict[Connection[Any, Any], subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe, process in self._processes.items():
            pipe.close()
            if kind is not None:
                process.terminate()
        for process in self._processes.values():
            process.wait()
        self._processes.clear()

    def start(self) -> None:
        """Start the processes now; they take a second to get ready."""
        while len(self._processes) < self._count:
            ours, theirs = Pipe()
            with theirs:
                process = subprocess.Popen(
                    [sys.executable, "-c", SERVES, str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                    stdin=subprocess.DEVNULL,
                    process_group=0,  # Ctrl-C is this process's to answer
                )
            self._processes[ours] = process

    def fold(self, task: FoldTask, parts: Iterable[Part]) -> Iterator[Folded]:
        """Fold these parts, and give what each came to as soon as it is known. One part is folded here: no process is
        started for it. Raises ``UnknownType`` and ``FoldingFailed``."""
        waiting = deque(parts)
        if len(waiting) <= 1 and not self._processes:
            # What a view folds by is looked up when it is sent (its ``__reduce__``); here it may never have been.
            own = deepcopy(task)
            with connected(own) as conn:
                for part in waiting:
                    yield fold_range(conn, own, *part)
            return
        self.start()
        busy: set[Connection[Any, Any]] = set()
        try:
            for pipe in self._processes:
                pipe.send(task)
                if waiting:
                    pipe.send(waiting.popleft())
                    busy.add(pipe)
            while busy:
                for ready in wait(busy):
                    assert isinstance(ready, Connection)
                    answer = ready.recv()
                    busy.discard(ready)
                    if waiting and isinstance(answer, Folded):
                        ready.send(waiting.popleft())
                        busy.add(ready)
                    yield _whole(answer)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise FoldingFailed("a process that folded has died") from None


def _whole(answer: Folded | FoldFailed) -> Folded:
    if isinstance(answer, Folded):
        return answer
    if answer.topic is not None:
        raise UnknownType(answer.topic)
    raise FoldingFailed(answer.kind)
