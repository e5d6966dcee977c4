"""What people fill in when they hand over: read as meant, refused with a sentence."""

from datetime import UTC, date, datetime, time

import pytest

from hours import at_local, local
from routing.forms import confirmation, giving, moment_of
from routing.partners import Directory, Kind, Partner
from triage.act_forms import Missing

NOW = datetime(2020, 4, 15, 7, 42, tzinfo=UTC)  # 9.42 in Rotterdam
DIRECTORY: Directory = {
    "vt": Partner("vt", "Veilig Thuis", Kind.VEILIG_THUIS, "0800-2000"),
    "cjg": Partner("cjg", "CJG", Kind.YOUTH_HEALTH_CARE, "010 - 000 00 32", email="cjg@example.nl"),
}
FILLED = {
    "partner": "vt",
    "gesproken": "Anna,  bureaudienst",
    "hoe-laat": "9.33",
    "waarom": "Vader komt.",
    "gebeld": "",
}


def test_a_filled_form_is_read_as_meant() -> None:
    found = giving(FILLED, DIRECTORY, NOW)
    assert (found.partner.code, found.person, found.why, found.emergency_call) == (
        "vt", "Anna, bureaudienst", "Vader komt.", None,
    )  # fmt: skip
    assert found.spoken_at is not None
    assert local(found.spoken_at).strftime("%d %H.%M") == "15 09.33"


def test_without_a_time_it_was_now_and_without_a_person_there_is_no_time() -> None:
    assert giving(FILLED | {"hoe-laat": ""}, DIRECTORY, NOW).spoken_at == NOW
    assert giving(FILLED | {"partner": "cjg", "gesproken": ""}, DIRECTORY, NOW).spoken_at is None


@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        ({"partner": ""}, {"partner"}),
        ({"partner": "raad"}, {"partner"}),
        ({"gesproken": " "}, {"gesproken"}),
        ({"hoe-laat": "straks"}, {"hoe-laat"}),
        ({"hoe-laat": "9.50"}, {"hoe-laat"}),
        ({"hoe-laat": "24.00"}, {"hoe-laat"}),
        ({"partner": "", "hoe-laat": "x"}, {"partner", "hoe-laat"}),
    ],
)
def test_every_fault_is_named_at_its_field(wrong: dict[str, str], faults: set[str]) -> None:
    with pytest.raises(Missing) as refused:
        giving(FILLED | wrong, DIRECTORY, NOW)
    assert refused.value.faults.keys() == faults


@pytest.mark.parametrize("clock", ["9.33", "09.33", "9:33", "09:33"])
def test_a_time_is_read_in_every_way_that_people_write_it(clock: str) -> None:
    assert moment_of(clock, NOW) == at_local(date(2020, 4, 15), time(9, 33))


@pytest.mark.parametrize("clock", ["", "9", "9.3", "9.60", "25.00", "933", "9.33.10", "-1.00", "٩.٣٣"])
def test_what_is_no_time_is_none(clock: str) -> None:
    assert moment_of(clock, NOW) is None


def test_shortly_after_midnight_the_evening_before_is_meant() -> None:
    past_midnight = at_local(date(2020, 4, 16), time(0, 10))
    assert moment_of("23.50", past_midnight) == at_local(date(2020, 4, 15), time(23, 50))
    assert moment_of("9.00", past_midnight) is None


def test_a_confirmation_needs_a_name() -> None:
    assert confirmation({"bevestigd": " Anna Vertrouwd,\nbureaudienst "}) == "Anna Vertrouwd, bureaudienst"
    with pytest.raises(Missing):
        confirmation({"bevestigd": " "})
