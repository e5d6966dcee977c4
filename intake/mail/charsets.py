"""Bytes to text as browsers do it (WHATWG Encoding Standard), because senders declare what browsers forgive."""

import re

# Only what is listed is tried: Python's own names include codecs that are no charsets, some of them quadratic.
_SAME = (  # noqa: SIM905  a list to read, not thirty lines of quotes
    "ascii utf-8 utf-16 utf-16le utf-16be utf-32 utf-7 koi8-r koi8-u gb18030 big5 big5hkscs euc-jp iso-2022-jp "
    "iso-2022-kr hz cp437 cp850 cp852 cp858 cp866 cp874 cp932 cp949 mac-roman iso-8859-2 iso-8859-3 iso-8859-4 "
    "iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16"
).split()
_WIDENED = {
    # Not Windows-1252, as browsers have it: a mail that says ASCII and is not is nearly always UTF-8.
    "us-ascii": "ascii",
    "ansi-x3.4-1968": "ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-1:1987": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks-c-5601-1987": "cp949",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
_CODECS = (
    {name: name for name in _SAME}
    | {f"{prefix}{page}": f"cp{page}" for page in range(1250, 1259) for prefix in ("windows-", "cp", "x-cp")}
    | _WIDENED
)
_TIDY = re.compile(r"[\s_]+")


def codec_for(label: str | None) -> str | None:
    """Python's codec for a charset label as mails carry it; None for one that no browser knows."""
    return _CODECS.get(_TIDY.sub("-", label.strip(" \t'\"").lower())) if label else None


def decode(content: bytes, label: str | None) -> tuple[str, bool]:
    """Text of `content`, and whether its charset was guessed: as declared, else UTF-8, else Windows-1252.

    Bytes that nothing explains become U+FFFD; nothing is raised.
    """
    codec = codec_for(label)
    if codec is not None and (text := _strictly(content, codec)) is not None:
        return text, False
    if (text := _strictly(content, "utf-8")) is not None:
        return text, not content.isascii()
    return content.decode("cp1252", "replace"), True


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError):
        return None
