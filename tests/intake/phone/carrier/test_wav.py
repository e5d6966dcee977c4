import struct

import pytest

from intake.phone.carrier.wav import NotWhole, coding_of, seconds_of
from tests.intake.phone.files import a_wav


def test_a_whole_recording_tells_how_long_it_is() -> None:
    assert seconds_of(a_wav(2.5)) == 2.5


def test_chunks_before_the_sound_are_passed_over() -> None:
    sound = a_wav(1)
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert seconds_of(sound[:12] + extra + sound[12:]) == 1


@pytest.mark.parametrize("length", [0, 4, 12, 20, 40, 44, 1000])
def test_the_beginning_of_a_recording_is_not_a_whole_one(length: int) -> None:
    with pytest.raises(NotWhole):
        seconds_of(a_wav()[:length])


@pytest.mark.parametrize(
    "content", [b"", b"ID3" + b"\0" * 100, b"<html>404</html>" * 9, b"RIFF\0\0\0\0WAVE", b"\0" * 64]
)
def test_what_is_no_recording_is_refused(content: bytes) -> None:
    with pytest.raises(NotWhole):
        seconds_of(content)


def test_a_recording_without_its_format_is_refused() -> None:
    with pytest.raises(NotWhole):
        seconds_of(b"RIFF" + struct.pack("<I", 20) + b"WAVEdata" + struct.pack("<I", 2) + b"ab")


def test_a_recording_tells_how_it_is_coded() -> None:
    assert coding_of(a_wav()) == (1, 16)
    assert coding_of(a_wav(width=1)) == (1, 8)
    with pytest.raises(NotWhole):
        coding_of(a_wav()[:12] + a_wav()[36:])
