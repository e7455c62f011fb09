"""A thread that works beside the requests until it is asked to end."""

import threading


class Background(threading.Thread):
    """``_halt`` is set when it is to end; whatever it waits for, it waits with that."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._halt = threading.Event()

    def halt(self) -> None:
        """Ask it to end; ``stop`` waits until it has."""
        self._halt.set()

    def stop(self) -> None:
        self.halt()
        if self.is_alive():
            self.join()
