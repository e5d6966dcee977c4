import re
from pathlib import Path

NUMBER = re.compile(r"^def test_(\d\d)_", re.MULTILINE)


def test_every_scenario_from_1_to_54_is_there_by_its_number() -> None:
    sources = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    found = {int(number) for source in sources for number in NUMBER.findall(source)}
    assert found == set(range(1, 55))
