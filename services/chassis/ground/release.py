"""Which release of the program this is."""

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """Its version; ``source`` where it runs from its source tree."""
    try:
        return version("lika")
    except PackageNotFoundError:
        return "source"
