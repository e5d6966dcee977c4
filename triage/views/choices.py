"""What can be chosen on the forms of a ticket, as code and words."""

from triage.closing import reasons_for
from triage.models import Ticket
from triage.values import Area
from triage.words import CATEGORIES, CLOSE_REASONS, PACES, category_digit


def form_choices(ticket: Ticket) -> dict[str, object]:
    """For the templates: how soon, which category, which area, why closed."""
    return {
        "paces": [(urgency.value, pace) for urgency, pace in PACES.items()],
        "category_choices": [(each.value, f"{category_digit(each)} {name}") for each, name in CATEGORIES.items()],
        "areas": [(area.value, area.value) for area in Area],
        "close_reasons": [(each.value, CLOSE_REASONS[each]) for each in CLOSE_REASONS if each in reasons_for(ticket)],
    }
