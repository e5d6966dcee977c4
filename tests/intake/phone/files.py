"""Sound files as tests need them."""

import io
import wave


def a_wav(seconds: float = 2, rate: int = 8000, width: int = 2) -> bytes:
    """A whole WAV file of PCM, `width` bytes a sample."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes((b"\0\1" * width)[:width] * int(seconds * rate))
    return file.getvalue()


def an_mp3(frames: int = 40, header: bytes = b"\xff\xfb\x90\x00", size: int = 417) -> bytes:
    """An MP3 file of silent frames: version 1, 128 kbit/s, 44.1 kHz unless said otherwise; 26 ms each."""
    return (header + b"\0" * (size - len(header))) * frames
