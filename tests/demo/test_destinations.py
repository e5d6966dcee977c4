import pytest

from demo.carrier.destinations import doubtful, refused


@pytest.mark.parametrize(
    "number",
    [
        "112", "911", "999", "000", "110", "+31112", "0031112", "+31 112", "+31 (0)112", "1-1-2", "+44999", "+1911",
        "sip:112@pbx.example", "tel:112", "SIP:911@pbx.example;user=phone", " 112 ", "+112", "31112", "+32112", "0112",
        "113", "144",
    ],
)  # fmt: skip
def test_nobody_is_connected_to_an_emergency_number_however_it_is_written(number: str) -> None:
    assert "emergency" in str(refused(number))


@pytest.mark.parametrize("number", ["1", "42", "700"])
def test_nobody_is_connected_to_a_number_that_is_too_short_to_be_anybodys(number: str) -> None:
    assert "short" in str(refused(number))


@pytest.mark.parametrize(
    "number",
    ["+31600000112", "+31100000911", "0600000112", "+3225550112", "14010", "sip:meldpunt@pbx.example", ""],
)  # fmt: skip
def test_a_number_that_only_ends_like_one_is_connected(number: str) -> None:
    assert refused(number) is None


@pytest.mark.parametrize(
    "number", ["08002000", "+318002000", "0800-2000", "09008844", "0031 900 8844", "+319061234567"]
)
def test_a_service_number_is_connected_with_a_warning(number: str) -> None:
    assert refused(number) is None
    assert "refuse" in str(doubtful(number))


@pytest.mark.parametrize("number", ["+31600000142", "+31100000800", "0600080000", "client:iris"])
def test_of_other_numbers_nothing_is_said(number: str) -> None:
    assert doubtful(number) is None
