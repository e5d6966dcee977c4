"""The form in which passwords are hashed and compared, and how long one may be."""

import unicodedata

SHORTEST, LONGEST = 12, 1024
"""Characters, once normal. The library that compares fails for more than 4096, at which anybody could aim."""


def normal(password: str) -> str:
    """A password however the keyboard makes its accents, as Flask-Security normalises it before it verifies (NFKD).

    Of one that is too long as much as makes it match none: one character more than the longest.
    """
    return unicodedata.normalize("NFKD", password[: LONGEST + 1])[: LONGEST + 1]
