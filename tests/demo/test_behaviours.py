"""The 22 behaviours that a stand-in for the carrier must have, each with the tests that show it.

The table holds the tests themselves: one that is taken away takes the name it showed with it, and this file no longer
imports. What no other file shows is shown here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from demo.carrier.report import report
from tests.demo import test_callers as callers
from tests.demo import test_carrier_calls as calls
from tests.demo import test_carrier_dial as dial
from tests.demo import test_carrier_documents as documents
from tests.demo import test_carrier_faults as faults
from tests.demo import test_carrier_live as live
from tests.demo import test_carrier_outgoing as outgoing
from tests.demo import test_carrier_queue as queue
from tests.demo import test_carrier_record as record
from tests.demo import test_carrier_recordings as recordings
from tests.demo import test_carrier_rest as rest
from tests.demo import test_carrier_webhooks as webhooks
from tests.demo import test_destinations as destinations
from tests.demo.carrier_desk import CALLER, a_carrier, a_desk

Shown = Callable[..., None]


@pytest.mark.parametrize(
    ("moment", "clock"),
    [
        (datetime(2027, 3, 30, 7, 0, tzinfo=UTC), "dinsdag 30 maart 2027, 9.00 uur"),
        (datetime(2027, 11, 1, 8, 0, tzinfo=UTC), "maandag 1 november 2027, 9.00 uur"),
        (datetime(2027, 4, 27, 9, 0, tzinfo=UTC), "dinsdag 27 april 2027, 11.00 uur"),
    ],
)
def test_the_clock_on_the_wall_is_that_of_amsterdam_and_can_be_set(moment: datetime, clock: str) -> None:
    carrier = a_carrier(a_desk("<Hangup/>"))
    carrier.clock.set(moment)  # type: ignore[attr-defined]
    call = carrier.dial(CALLER)
    assert call.started_at == moment
    assert clock in report(call, (), carrier.journal, carrier.alerts)


@dataclass(frozen=True)
class Behaviour:
    """One behaviour, in the words of the list, and what shows it."""

    number: int
    name: str
    shown_by: tuple[Shown, ...]


BEHAVIOURS = (
    Behaviour(
        1,
        "signs exactly what it requests, without fragment",
        (
            webhooks.test_every_request_is_signed_over_exactly_what_is_asked_without_the_fragment,
            webhooks.test_a_get_carries_everything_in_its_query_and_is_signed_with_it,
        ),
    ),
    Behaviour(
        2,
        "names the call on every request, and the parent of a child leg",
        (
            calls.test_the_first_request_says_who_calls_and_that_it_rings,
            dial.test_a_child_leg_has_a_sid_of_its_own_and_names_its_parent,
        ),
    ),
    Behaviour(
        3,
        "a new idempotency token per webhook, the same on its retries, or not",
        (
            webhooks.test_a_request_says_where_it_comes_from_and_has_a_token_of_its_own,
            webhooks.test_a_retry_carries_the_same_idempotency_token,
        ),
    ),
    Behaviour(
        4,
        "region, user agent, and cookies for as long as the call",
        (
            webhooks.test_a_request_says_where_it_comes_from_and_has_a_token_of_its_own,
            webhooks.test_cookies_are_kept_for_the_call_and_no_longer,
        ),
    ),
    Behaviour(
        5,
        "connection overrides, their defaults, and fifteen seconds in all",
        (
            webhooks.test_a_refused_connection_is_tried_once_more_with_the_same_token,
            webhooks.test_an_error_of_the_desk_is_not_tried_again_unless_asked,
            webhooks.test_late_answers_cost_the_caller_fifteen_seconds_at_most,
            webhooks.test_an_override_that_the_carrier_does_not_know_is_an_error,
            faults.test_a_fault_on_the_way_to_the_first_document,
        ),
    ),
    Behaviour(
        6,
        "an error goes to the fallback, or is spoken; alerts are listed",
        (
            webhooks.test_the_fallback_speaks_and_is_told_what_went_wrong,
            webhooks.test_a_fallback_may_live_elsewhere_and_may_fail_too,
            webhooks.test_without_a_fallback_the_caller_hears_an_error_and_the_desk_is_still_told_the_end,
            webhooks.test_an_action_that_fails_goes_to_the_fallback_too,
        ),
    ),
    Behaviour(
        7,
        "addresses are seen from their document; an inline one needs whole addresses",
        (
            calls.test_a_redirect_follows_an_address_seen_from_its_document,
            documents.test_an_inline_document_is_short_and_names_whole_addresses,
        ),
    ),
    Behaviour(
        8,
        "strict XML, 64 kB, 4000 characters inline, content types",
        (
            documents.test_a_bad_answer_is_a_loud_alarm_with_its_code_and_ends_in_an_error,
            documents.test_an_inline_document_is_short_and_names_whole_addresses,
            documents.test_plain_text_is_read_aloud_with_an_alarm,
        ),
    ),
    Behaviour(
        9,
        "verbs one after the other; what is never reached is flagged",
        (
            calls.test_a_call_is_answered_and_every_line_is_heard_in_order,
            documents.test_a_verb_that_is_never_reached_is_an_alarm,
            documents.test_an_unknown_verb_is_not_reached_first,
            dial.test_verbs_after_a_dial_with_an_action_are_never_reached,
        ),
    ),
    Behaviour(
        10,
        "Gather in all its ways",
        (
            calls.test_a_key_interrupts_what_is_being_said,
            calls.test_digits_are_sent_after_the_silence_that_follows_them,
            calls.test_keys_are_gathered_until_the_hash_and_without_it,
            calls.test_an_empty_finish_key_leaves_the_hash_among_the_digits,
            calls.test_a_hash_before_any_digit_is_no_input,
            calls.test_silence_goes_on_to_the_next_verb,
            calls.test_silence_goes_to_the_action_when_asked_for,
            calls.test_a_gather_without_action_asks_for_the_same_document_with_an_alarm,
        ),
    ),
    Behaviour(
        11,
        "Dial in all its ways",
        (
            dial.test_nobody_answers_five_seconds_longer_than_was_asked,
            dial.test_of_several_the_first_to_pick_up_wins_and_the_others_stop_ringing,
            dial.test_in_sequence_the_next_rings_when_the_one_before_gave_up,
            dial.test_a_colleague_who_presses_one_is_connected_and_hears_the_caller,
            dial.test_who_presses_nothing_is_not_connected_though_the_dial_is_completed,
            dial.test_busy_declined_and_dead_numbers_are_told_apart,
            dial.test_a_caller_who_hangs_up_while_it_rings_cancels_the_leg,
            dial.test_the_caller_is_answered_at_once_or_only_when_connected,
            dial.test_a_conversation_ends_at_its_limit_and_on_the_callers_star,
        ),
    ),
    Behaviour(
        12,
        "Enqueue and its wait documents, leaving, hanging up, a full queue, members",
        (
            queue.test_the_wait_document_is_asked_for_again_and_again_with_the_place_in_the_queue,
            queue.test_leaving_goes_to_the_action_at_once,
            queue.test_who_hangs_up_in_the_queue_is_told_to_the_action_and_frees_the_place,
            queue.test_a_full_queue_is_told_at_once,
            queue.test_a_broken_wait_document_is_an_alarm_and_an_error,
            queue.test_the_front_is_who_waits_longest_and_whoever_asks_second_gets_the_next,
            queue.test_a_member_is_sent_elsewhere_and_the_action_is_told_as_well,
        ),
    ),
    Behaviour(
        13,
        "the action of a queue waits for the end of the conversation",
        (queue.test_a_colleague_takes_the_first_and_the_action_waits_for_the_end,),
    ),
    Behaviour(
        14,
        "Record in all its ways",
        (
            record.test_hanging_up_during_a_message_keeps_what_was_said,
            record.test_a_message_ends_at_the_key_and_the_action_comes_before_the_callback,
            record.test_silence_ends_a_message,
            record.test_a_message_has_a_longest_length,
            record.test_a_message_of_nothing_tells_the_action_nothing,
        ),
    ),
    Behaviour(
        15,
        "the last word about a call, always but for one canceled in time",
        (
            calls.test_the_caller_may_hang_up_at_any_moment_and_the_desk_is_told_once,
            webhooks.test_the_fallback_speaks_and_is_told_what_went_wrong,
            outgoing.test_a_call_canceled_while_it_is_queued_tells_nobody,
        ),
    ),
    Behaviour(
        16,
        "numbered events; twice, out of order, late, never",
        (
            dial.test_each_leg_tells_how_far_it_is_in_numbered_events,
            faults.test_callbacks_arrive_as_the_knobs_say,
            webhooks.test_webhooks_may_arrive_twice,
            webhooks.test_a_status_callback_may_be_late,
            faults.test_what_the_desk_did_not_see_answered_it_did_all_the_same,
            faults.test_the_same_seed_gives_the_same_course,
        ),
    ),
    Behaviour(
        17,
        "REST: calls, recordings and their sound, queues and members, numbers",
        (
            outgoing.test_a_colleague_is_rung_first_and_then_the_reporter,
            rest.test_a_call_tells_how_it_went,
            rest.test_calls_are_listed_newest_first_in_pages_and_by_time,
            rest.test_a_running_call_can_be_ended_and_a_finished_one_cannot,
            rest.test_a_running_call_can_be_sent_elsewhere,
            recordings.test_a_real_client_pages_through_all_recordings_newest_first,
            recordings.test_recordings_are_found_by_call_and_by_when_they_were_made,
            recordings.test_the_sound_comes_as_wav_unless_asked_otherwise_and_lasts_as_long,
            recordings.test_nobody_hears_the_sound_without_the_token_nor_in_more_channels_than_it_has,
            recordings.test_the_sound_may_be_missing_refused_or_too_short_and_then_be_whole,
            recordings.test_a_deleted_recording_is_known_of_but_its_sound_is_gone,
            queue.test_queues_are_made_and_found_by_name,
            rest.test_the_numbers_addresses_can_be_read_and_changed,
            live.test_the_real_client_library_can_read_what_the_carrier_answers,
        ),
    ),
    Behaviour(
        18,
        "REST errors in the carrier's shape; busy, broken, slow",
        (
            recordings.test_errors_come_in_the_carriers_shape,
            rest.test_wrong_credentials_are_refused_in_the_carriers_words,
            rest.test_what_is_not_there_is_404_in_the_carriers_words,
            rest.test_the_carrier_may_be_busy_or_broken,
            recordings.test_a_share_of_requests_may_fail_the_same_ones_each_time,
            recordings.test_a_slow_answer_leaves_whoever_gave_up_in_doubt,
            recordings.test_deleting_may_fail_and_then_the_sound_is_still_there,
        ),
    ),
    Behaviour(
        19,
        "refuses what the installed library does not know",
        (
            documents.test_what_the_library_writes_is_accepted,
            documents.test_what_the_carrier_does_not_know_is_refused,
            documents.test_the_table_of_the_library_is_whole,
        ),
    ),
    Behaviour(
        20,
        "a clock on the wall that can be set",
        (test_the_clock_on_the_wall_is_that_of_amsterdam_and_can_be_set,),
    ),
    Behaviour(
        21,
        "callers of every sort",
        (
            callers.test_everybody_can_phone_and_is_reported_as_the_network_knows_them,
            callers.test_a_sip_caller_comes_with_the_parts_of_the_address,
        ),
    ),
    Behaviour(
        22,
        "never an emergency number; service numbers with a warning",
        (
            destinations.test_nobody_is_connected_to_an_emergency_number_however_it_is_written,
            dial.test_what_is_not_dialled_fails_with_an_alarm,
            outgoing.test_an_order_that_cannot_be_is_refused_in_the_carriers_words,
            dial.test_a_service_number_is_dialled_with_a_warning,
        ),
    ),
)


def test_there_are_twenty_two_and_each_is_shown() -> None:
    assert [behaviour.number for behaviour in BEHAVIOURS] == list(range(1, 23))
    assert all(behaviour.shown_by for behaviour in BEHAVIOURS)


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda each: f"{each.number}-{each.name.replace(' ', '-')}")
def test_what_shows_a_behaviour_is_run_with_the_other_tests(behaviour: Behaviour) -> None:
    for shown in behaviour.shown_by:
        assert shown.__module__.startswith("tests.demo.test_")
        assert shown.__name__.startswith("test_")
        assert not any(mark.name in {"skip", "skipif", "xfail"} for mark in getattr(shown, "pytestmark", []))
