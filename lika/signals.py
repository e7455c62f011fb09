"""How a running program is asked to end."""

import signal


def stop_on_signals() -> None:
    """SIGTERM, with which a service manager asks, is answered as Ctrl-C is. A shell starts what a script puts in the background
    with SIGINT ignored; whoever sends one means it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
