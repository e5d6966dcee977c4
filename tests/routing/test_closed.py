"""What a contact is told when nobody answers, filled from the calendar, to the second."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

import routing
from desk.dates import long_moment
from desk.desk import Desk
from hours import Calendar, SpecialDay, Window, at_local
from routing.closed import (
    Texts,
    acknowledgement,
    closed_mail,
    closed_notice,
    closed_text,
    closed_voice,
    closed_words,
    first_reaction,
    handover_mail,
    open_mail,
)
from routing.texts import CHOICE, Wording, read_texts
from tests.fakes import FixedClock

SECOND = timedelta(seconds=1)
KINGS_DAY = at_local(date(2020, 4, 27), time(11))
SATURDAY = at_local(date(2020, 4, 25), time(11))
NINE, FIVE = at_local(date(2020, 4, 14), time(9)), at_local(date(2020, 4, 14), time(17))


@pytest.fixture(scope="module")
def texts() -> Texts:
    return read_texts(routing.SEEDS["texts"].read_text("utf-8"))


def test_on_a_named_closing_day_the_caller_hears_its_name_and_the_next_opening(texts: Texts) -> None:
    assert closed_text(texts, Calendar(), KINGS_DAY) == (
        "Meldpunt kwetsbare kinderen. Is een kind nu in gevaar? Hang op en bel één, één, twee. "
        "Wij zijn gesloten: het is Koningsdag. Kan het niet wachten? Bel Veilig Thuis, gratis, dag en nacht: "
        "nul achthonderd, tweeduizend. Ik herhaal: nul achthonderd, tweeduizend. Geen spoed, wel politie? "
        "Bel nul negenhonderd, achtentachtig vierenveertig. Wij zijn er weer morgen vanaf negen uur. "
        "Kan het wel wachten? Kies 1, dan bellen wij u die dag terug."
    )


def test_an_ordinary_evening_or_weekend_has_no_reason(texts: Texts) -> None:
    for at in (SATURDAY, FIVE):
        assert "Wij zijn gesloten. Kan het" in closed_text(texts, Calendar(), at)


def test_over_a_long_weekend_the_day_is_said_in_full(texts: Texts) -> None:
    assert "Wij zijn er weer op dinsdag 28 april vanaf negen uur." in closed_text(texts, Calendar(), SATURDAY)


def test_before_opening_the_same_day_it_is_today() -> None:
    voice = closed_voice(Calendar(), NINE - SECOND)
    assert (voice.name, voice.next_day, voice.next_time) == (None, "vandaag", "negen uur")


def test_a_special_day_says_its_own_name() -> None:
    after_ascension = SpecialDay(date(2020, 5, 22), (), "de dag na Hemelvaart")
    voice = closed_voice(Calendar(special_days=(after_ascension,)), at_local(date(2020, 5, 22), time(12)))
    assert (voice.name, voice.next_day) == ("de dag na Hemelvaart", "op maandag 25 mei")


def test_a_mail_while_closed_names_days_in_full_and_promises_the_working_day_of_the_opening(texts: Texts) -> None:
    calendar = Calendar(starts_on=date(2020, 4, 14))
    subject, body = closed_mail(texts, "48217735", calendar, at_local(date(2020, 4, 12), time(20)))
    assert subject == "Wij zijn nu gesloten – [melding 4821 7735]"
    assert "Uw nummer is 4821 7735. Op dit moment leest niemand uw bericht." in body
    assert "Wij lezen het op dinsdag 14 april vanaf 9.00 uur." in body
    assert "U krijgt uiterlijk dinsdag 14 april om 17.00 uur een eerste reactie." in body


def test_a_mail_while_open_is_read_today_and_answered_before_the_end_of_the_next_working_day(texts: Texts) -> None:
    subject, body = open_mail(texts, "48217735", Calendar(), at_local(date(2020, 4, 24), time(15, 30)))
    assert subject == "Wij hebben uw bericht ontvangen – [melding 4821 7735]"
    assert "Wij zijn vandaag open tot 17.00 uur." in body
    assert "Wij lezen uw bericht vandaag. U krijgt uiterlijk dinsdag 28 april om 17.00 uur een eerste reactie." in body


@pytest.mark.parametrize(
    ("closes", "at", "read"),
    [
        (time(17), time(15, 30), "vandaag"),
        (time(17), time(15, 30, 1), "op dinsdag 28 april vanaf 9.00 uur"),
        (time(17), time(16, 59, 59), "op dinsdag 28 april vanaf 9.00 uur"),
        (time(15), time(13, 30), "vandaag"),
        (time(15), time(13, 31), "op dinsdag 28 april vanaf 9.00 uur"),
    ],
)
def test_that_a_mail_is_read_today_is_promised_only_while_people_can_keep_it(
    texts: Texts, closes: time, at: time, read: str
) -> None:
    friday = date(2020, 4, 24)
    calendar = Calendar(special_days=(SpecialDay(friday, (Window(time(9), closes),)),))
    assert f"Wij lezen uw bericht {read}." in open_mail(texts, "48217735", calendar, at_local(friday, at))[1]


def test_a_day_with_a_break_closes_when_its_last_hours_end(texts: Texts) -> None:
    day = SpecialDay(date(2020, 4, 14), (Window(time(9), time(12, 30)), Window(time(13), time(15))))
    calendar = Calendar(special_days=(day,))
    assert "Wij zijn vandaag open tot 15.00 uur." in open_mail(texts, "48217735", calendar, NINE)[1]
    in_the_break = at_local(date(2020, 4, 14), time(12, 45))
    assert (
        "vanaf 13.00 uur. U krijgt uiterlijk dinsdag 14 april om 15.00 uur"
        in (closed_mail(texts, "48217735", calendar, in_the_break)[1])
    )


def test_the_text_for_an_open_desk_is_refused_when_it_is_closed(texts: Texts) -> None:
    with pytest.raises(ValueError, match="open"):
        open_mail(texts, "48217735", Calendar(), FIVE)


@pytest.mark.parametrize(("at", "code"), [(NINE - SECOND, "M2"), (NINE, "M1"), (FIVE - SECOND, "M1"), (FIVE, "M2")])
def test_which_letter_a_mail_is_answered_with_changes_at_the_second(sqlite_desk: Desk, at: datetime, code: str) -> None:
    with sqlite_desk.database.reading() as session:
        assert acknowledgement(session, "48217735", at)[0] == code


@pytest.mark.parametrize(
    ("at", "promised"),
    [
        (NINE, at_local(date(2020, 4, 15), time(17))),
        (FIVE, at_local(date(2020, 4, 15), time(17))),
        (SATURDAY, at_local(date(2020, 4, 28), time(17))),
    ],
)
def test_a_first_reaction_is_promised_by_the_end_of_the_working_day_that_the_letter_names(
    sqlite_desk: Desk, at: datetime, promised: datetime
) -> None:
    with sqlite_desk.database.reading() as session:
        assert first_reaction(session, at) == promised
        assert f"uiterlijk {long_moment(promised)} een eerste reactie" in acknowledgement(session, "48217735", at)[2]


def test_no_letter_keeps_a_place_that_was_not_filled(texts: Texts) -> None:
    told = [
        closed_text(texts, Calendar(), FIVE),
        *closed_mail(texts, "48217735", Calendar(), FIVE),
        *open_mail(texts, "48217735", Calendar(), NINE),
        *handover_mail(texts, "48217735"),
    ]
    assert not [text for text in told if "{" in text or "}" in text or "*" in text]


def test_the_partner_is_told_the_number_and_that_we_call(texts: Texts) -> None:
    subject, body = handover_mail(texts, "48217735")
    assert subject == "Overdracht van het meldpunt – [melding 4821 7735]"
    assert "Er staat een overdracht voor u klaar, nummer 4821 7735. Wij bellen u." in body


def test_the_texts_and_the_calendar_in_force_are_read_from_the_database(desk: Desk, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 10, 9, 0, tzinfo=UTC))
    with desk.database.reading() as session:
        words = closed_words(session, clock.now())
    assert "Wij zijn er weer op dinsdag 14 april vanaf negen uur." in words


def test_where_no_key_can_be_taken_the_closed_text_ends_before_its_choice(texts: Texts) -> None:
    notice = closed_notice(texts, Calendar(), SATURDAY)
    assert notice.endswith("Wij zijn er weer op dinsdag 28 april vanaf negen uur.")
    assert closed_text(texts, Calendar(), SATURDAY) == f"{notice} {texts[CHOICE].text}"


def test_texts_that_do_not_keep_the_choice_apart_are_spoken_whole_to_whoever_can_choose(texts: Texts) -> None:
    old = {code: wording for code, wording in texts.items() if code != CHOICE}
    old["T8"] = Wording("", "Wij zijn gesloten{reden}, tot {dag}, {tijd}. Kies 1.")
    assert closed_text(old, Calendar(), SATURDAY) == "Wij zijn gesloten, tot op dinsdag 28 april, negen uur. Kies 1."
    assert closed_notice(old, Calendar(), SATURDAY) == closed_notice(texts, Calendar(), SATURDAY)
