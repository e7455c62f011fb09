"""Texts that everything here can keep."""


def is_storable(text: str) -> bool:
    """Whether PostgreSQL stores it, and UTF-8 has it: neither NUL nor half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
