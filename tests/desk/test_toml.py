"""Documents that pages write, read back by the library of the language."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from desk.toml import toml

NAMES = st.text("abcT_19", min_size=1)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, WORDS | st.integers())))
def test_what_is_written_is_read_back(tables: dict[str, dict[str, str | int]]) -> None:
    assert tomllib.loads(toml("Een kop\nvan twee regels.", tables)) == tables


def test_a_text_of_several_lines_stands_on_several_lines() -> None:
    assert toml("", {"M1": {"text": "Goedendag,\n\nDag."}}) == '\n[M1]\ntext = """\nGoedendag,\n\nDag."""\n'
