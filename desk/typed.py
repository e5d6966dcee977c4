"""What people type or paste into a form, as a text that can be kept. Pure."""


def tidied(text: str) -> str:
    """The words as meant: line ends of every make become one, signs that no keyboard makes are left out.

    Text from Word or Outlook comes with tabs and non-breaking spaces: each becomes a space, so that words stay apart.
    """
    return "\n".join(map(_tidied_line, text.splitlines())).strip()


def _tidied_line(line: str) -> str:
    return "".join(" " if sign.isspace() else sign for sign in line if sign.isspace() or sign.isprintable())


def too_long(most: int) -> str:
    """What to say about a text of more than `most` signs."""
    return f"Dit is te lang: hooguit {most:,} tekens.".replace(",", ".")
