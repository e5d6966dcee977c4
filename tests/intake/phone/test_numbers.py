import pytest

from intake.phone.numbers import CallerKind, caller_of, e164, number_to_call, numbers_of

NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "anonymous", "Anonymous", "unknown", "Restricted", "UNAVAILABLE", "blocked", "Withheld",
        "Private number",
        "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253",
        "sip:anonymous@anonymous.invalid", "sip:burger@anonymous.invalid;transport=tls", "SIP:Restricted@trunk.example",
        "sips:anonymous@trunk.example:5061", "client:anonymous",
    ],
)  # fmt: skip
def test_a_withheld_number_is_nobody_s(raw: str) -> None:
    caller = caller_of(raw, NONE)
    assert (caller.kind, caller.address, caller.recognisable) == (CallerKind.WITHHELD, None, False)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("+31600000142", "+31600000142"),
        ("+31 6 0000 0142", "+31600000142"),
        ("0600000142", "+31600000142"),
        ("0031600000142", "+31600000142"),
        ("+3221234567", "+3221234567"),
    ],
)
def test_a_number_is_kept_in_international_form(raw: str, number: str) -> None:
    caller = caller_of(raw, NONE)
    assert (caller.kind, caller.address, caller.recognisable) == (CallerKind.E164, number, True)


def test_the_contact_centre_recognises_nobody() -> None:
    caller = caller_of("+31102671625", numbers_of(["010 - 267 16 25"]))
    assert (caller.kind, caller.address, caller.recognisable) == (CallerKind.E164, "+31102671625", False)


@pytest.mark.parametrize(
    "raw",
    [
        "sip:burger@centrale.example",
        "SIP:+31600000142@trunk.example;user=phone",
        "sip:balie@privateschool.example",
        "sip:blocked.drain@unknown.example",
    ],
)
def test_a_sip_caller_is_known_by_the_whole_address(raw: str) -> None:
    caller = caller_of(raw, NONE)
    assert (caller.kind, caller.address, caller.recognisable) == (CallerKind.SIP, raw, True)


def test_a_browser_client_is_told_apart() -> None:
    assert caller_of("client:balie", NONE).kind is CallerKind.CLIENT


@pytest.mark.parametrize("raw", ["<script>alert(1)</script>", "+", "+1", "12", "x" * 500, "+" + "9" * 40, "٠٦١٢٣٤٥٦٧٨"])
def test_what_is_no_number_is_kept_as_it_came_but_recognises_nobody(raw: str) -> None:
    caller = caller_of(raw, NONE)
    assert (caller.kind, caller.recognisable) == (CallerKind.RAW, False)
    assert caller.address == raw[:120]


def test_marks_that_cannot_be_seen_are_taken_out() -> None:
    assert caller_of("+316\u202e0000\x000142\x0b", NONE).address == "+31600000142"


@pytest.mark.parametrize("keyed", ["0600000142", "0031600000142", "0102671625", "003221234567", "+4930123456"])
def test_a_number_that_can_be_called_is_taken(keyed: str) -> None:
    assert number_to_call(keyed, NONE)


@pytest.mark.parametrize(
    "keyed",
    [
        "",
        "#",
        "1",
        "112",
        "14010",
        "06123",
        "0000000000",
        "0012345678",
        "9" * 30,
        "09008844",
        "09061234",
        "08002000",
        "*0600000142",
        "112345678",
        "+31112000000",
        "0112000000",
        "+8816123456789",
        "+870773123456",
        "+12025550143",
        "+590590123456",
        "+447012345678",
        "+3290312345",
    ],
)
def test_a_number_that_cannot_be_called_or_costs_too_much_is_not(keyed: str) -> None:
    assert number_to_call(keyed, NONE) is None


def test_the_contact_centre_is_never_called_back() -> None:
    assert number_to_call("0102671625", frozenset({"+31102671625"})) is None


@pytest.mark.parametrize("text", ["sip:x", "06-abc", "", "+31 (0)6 0000 0142; drop"])
def test_words_are_no_number(text: str) -> None:
    assert e164(text) is None


def test_settings_that_are_no_numbers_are_passed_over() -> None:
    assert numbers_of(["balie", "+31 10 267 1625", "?"]) == {"+31102671625"}
