"""Search over sealed text: Dutch words are analysed, and only keyed hashes of the results are stored."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import islice

import simplemma
import Stemmer

WORD = re.compile(r"[^\W_]+", re.UNICODE)
NUMBER = re.compile(
    r"""(?<![\w+])
        (?: (?:\+|00)31 [\s.-]* (?:\(0\))? | 0 )  # from abroad or at home
        ( (?: [\s./()-]{0,3} [0-9] ){9} )
        (?![0-9])""",
    re.VERBOSE,
)
MOST_NUMBERS = 100
MOST_TERMS = 2_000  # of one text: a pasted book must not fill the index
SHORTEST, LONGEST = 2, 40

# fmt: off
STOP = frozenset((
    "aan", "al", "als", "bij", "daar", "dan", "dat", "de", "der", "deze", "die", "dit", "doen", "door", "dus",
    "een", "en", "er", "ge", "had", "heb", "hebben", "heeft", "het", "hier", "hij", "hoe", "ik", "in", "is",
    "je", "kan", "maar", "me", "men", "met", "mijn", "na", "naar", "niet", "nog", "nu", "of", "om", "ons",
    "ook", "op", "over", "te", "tot", "u", "uit", "uw", "van", "voor", "want", "was", "wat", "we", "wel",
    "werd", "wie", "wij", "wil", "worden", "zal", "ze", "zei", "zich", "zij", "zijn", "zo",
))
# fmt: on


def analyse(text: str) -> list[str]:
    """The distinct search terms of a text: its telephone numbers, each as one term however it was written; then its
    words, folded, lemmatised and stemmed, in order of first use.
    """
    words = (fold(word) for word in WORD.findall(text))
    terms = (term(word) for word in words if SHORTEST <= len(word) <= LONGEST and word not in STOP)
    numbers = islice(map(_whole, NUMBER.finditer(text)), MOST_NUMBERS)
    return list(dict.fromkeys([*numbers, *terms]))[:MOST_TERMS]


def with_whole_numbers(text: str) -> str:
    """The text with every telephone number as `analyse` finds it: "+31 6 00000142" becomes "0600000142"."""
    return NUMBER.sub(_whole, text)


def _whole(number: re.Match[str]) -> str:
    return "0" + re.sub(r"[^0-9]", "", number[1])


def analyse_all(texts: Iterable[str | None]) -> list[str]:
    """The distinct terms of several texts, empty ones passed over."""
    return analyse(" ".join(text for text in texts if text))


def fold(word: str) -> str:
    """Lower case without accents, so that "Zoë" and "zoe" meet."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=100_000)
def term(word: str) -> str:
    """One folded word as it is indexed: Snowball Dutch over simplemma's lemma."""
    lemma = fold(simplemma.lemmatize(word, lang="nl"))
    stem: str = _stemmer().stemWord(lemma)
    return stem


def warm_up() -> None:
    """Load the dictionary now: the first analysis takes a second, which no write transaction should last."""
    analyse("leerling")


@cache
def _stemmer() -> "Stemmer.Stemmer":
    return Stemmer.Stemmer("dutch")
