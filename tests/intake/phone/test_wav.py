import io
import struct
import wave

import pytest

from intake.phone.wav import NotWhole, seconds_of


def a_wav(seconds: float = 2, rate: int = 8000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\0\1" * int(seconds * rate))
    return file.getvalue()


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
