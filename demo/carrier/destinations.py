"""Which numbers the network does not dial."""

EMERGENCY = frozenset({"112", "+112", "+31112"})


def refused(number: str) -> str | None:
    """Why a number is not dialled, or None when it is."""
    return "emergency numbers cannot be dialled from here" if number in EMERGENCY else None
