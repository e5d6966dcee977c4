"""Which files can be played to a caller."""

import pytest

from intake.phone.texts.sound_files import LARGEST, BadSoundFile, SoundFault, SoundFile, look_at
from tests.intake.phone.files import a_wav, an_mp3

TAG = b"ID3\x04\0\0\0\0\x01\x00" + b"\0" * 128


@pytest.mark.parametrize(
    ("content", "file"),
    [
        (a_wav(7.4), SoundFile("audio/wav", 7)),
        (a_wav(0.2, width=1), SoundFile("audio/wav", 1)),
        (an_mp3(300), SoundFile("audio/mpeg", 8)),
        (TAG + an_mp3(300) + b"TAG" + b"\0" * 125, SoundFile("audio/mpeg", 8)),
        (an_mp3(300, b"\xff\xf3\x84\xc4", 192), SoundFile("audio/mpeg", 7)),
    ],
)
def test_a_file_is_known_by_what_it_holds(content: bytes, file: SoundFile) -> None:
    assert look_at(content) == file


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", SoundFault.EMPTY),
        (b"RIFF" + b"\0" * LARGEST, SoundFault.TOO_BIG),
        (a_wav(181, rate=4000), SoundFault.TOO_LONG),
        (a_wav(width=3), SoundFault.CODING),
        (a_wav()[:-1], SoundFault.NO_SOUND),
        (b"RIFF\0\0\0\0WAVE", SoundFault.NO_SOUND),
        (an_mp3()[:-1], SoundFault.NO_SOUND),
        (an_mp3(5), SoundFault.NO_SOUND),
        (an_mp3() + b"<html>" * 99, SoundFault.NO_SOUND),
        (b"OggS" + b"\0" * 4000, SoundFault.NO_SOUND),
        (b"\xff\xfb" * 4000, SoundFault.NO_SOUND),
        (b"ID3", SoundFault.NO_SOUND),
    ],
)
def test_what_a_telephone_cannot_play_is_refused_with_its_reason(content: bytes, fault: SoundFault) -> None:
    with pytest.raises(BadSoundFile) as refused:
        look_at(content)
    assert refused.value.fault is fault
