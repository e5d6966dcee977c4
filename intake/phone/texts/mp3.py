"""How long an MP3 file plays, by walking over its frames (ISO/IEC 11172-3, 13818-3); pure."""

from dataclasses import dataclass

from intake.phone.carrier.wav import NotWhole

HEADER = 4
LAYER_3 = 0b01
VERSION_1 = 0b11
# Kilobits a second by the four bits of the header; the first and the last are no frame that can be walked over.
BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = (44_100, 48_000, 32_000)
SLOWER = {VERSION_1: 1, 0b10: 2, 0b00: 4}  # versions 1, 2 and 2.5
FEWEST = 10  # frames: a quarter of a second, so that a chance sign in another file is no music
OLD_TAG = b"TAG"


@dataclass(frozen=True)
class _Frame:
    size: int
    seconds: float


def mp3_seconds(content: bytes) -> float:
    """How long it plays. Raises `NotWhole` when it is no MP3, or ends inside a frame."""
    at, seconds, frames = _after_tag(content), 0.0, 0
    while at < len(content) and (frame := _frame(content[at : at + HEADER])) is not None:
        at, seconds, frames = at + frame.size, seconds + frame.seconds, frames + 1
    if frames < FEWEST:
        raise NotWhole("this is not an MP3 file")
    rest = content[at:].rstrip(b"\0")
    if at > len(content) or (rest and not rest.startswith((OLD_TAG, b"APETAGEX", b"LYRICSBEGIN"))):
        raise NotWhole("the file ends inside its sound")
    return seconds


def _after_tag(content: bytes) -> int:
    """Where the sound begins: behind the words about it (ID3v2), whose size is written in sevens of bits."""
    if content[:3] != b"ID3" or len(content) < 10:  # noqa: PLR2004  the header of such a tag
        return 0
    size = 0
    for each in content[6:10]:
        size = size << 7 | each & 0x7F
    return 10 + size


def _frame(header: bytes) -> _Frame | None:
    if len(header) < HEADER or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004  eleven bits set
        return None
    version, layer = header[1] >> 3 & 0b11, header[1] >> 1 & 0b11
    bitrate, rate, padding = header[2] >> 4, header[2] >> 2 & 0b11, header[2] >> 1 & 1
    first = version == VERSION_1
    if layer != LAYER_3 or version not in SLOWER or rate >= len(RATES) or not 0 < bitrate < len(BITRATES[first]):
        return None
    a_second, samples = RATES[rate] // SLOWER[version], 1152 if first else 576
    size = samples // 8 * BITRATES[first][bitrate] * 1000 // a_second + padding
    return _Frame(size, samples / a_second)
