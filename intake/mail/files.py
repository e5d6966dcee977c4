"""Names for the files of a mail: as sent where that is safe, and otherwise the same name every time."""

import re

from intake.mail.headers import decoded

MOST_NAME = 120
PLAIN_TYPE = "application/octet-stream"

_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,38}/[a-z0-9][a-z0-9.+-]{0,38}")
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f]')
_EXTENSIONS = {
    "application/gzip": "gz",
    "application/json": "json",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/pgp-encrypted": "asc",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/rtf": "rtf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-tnef": "dat",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/zip": "zip",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/tiff": "tif",
    "image/webp": "webp",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "message/rfc822": "eml",
    "message/global": "eml",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/rfc822-headers": "txt",
    "text/rtf": "rtf",
    "text/vcard": "vcf",
    "video/mp4": "mp4",
}


def media_type(declared: str) -> str:
    """The declared type in lower case; one that is no type at all becomes the general one."""
    found = _TYPE.fullmatch(declared.lower())
    return found[0] if found else PLAIN_TYPE


def file_name(given: str | None, content_id: str | None, declared: str, position: int) -> str:
    """A name without folders, controls and direction marks: as given, else the Content-ID, else `bijlage-3.pdf`.

    The same mail gives the same names each time it is read.
    """
    for value in (given, (content_id or "").strip(" <>")):
        if name := _safe(decoded(value or "")):
            return name
    return f"bijlage-{position}.{_EXTENSIONS.get(declared, 'bin')}"


def _safe(name: str) -> str:
    last = _UNSAFE.sub("_", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, extension = last.rpartition(".")
    if len(last) <= MOST_NAME:
        return last
    return f"{stem[: MOST_NAME - 12]}{dot}{extension[:10]}" if dot else last[:MOST_NAME]
