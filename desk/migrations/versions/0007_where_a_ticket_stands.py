"""Tickets say what is new on them, since when they are urgent, and which partner has them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TIMES = ("reopened_at", "urgent_since", "news_since", "answer_from", "emergency_noted_at")
LAST = "(SELECT max(entry.at) FROM entry WHERE entry.ticket_id = ticket.id AND entry.kind = '{}')"
CONFIRMED = "(SELECT max(handover.confirmed_at) FROM handover WHERE handover.ticket_id = ticket.id)"
WAITS = (
    "EXISTS (SELECT 1 FROM handover WHERE handover.ticket_id = ticket.id"
    " AND handover.status IN ('sent', 'delivered', 'question'))"
)
PARTNER = (
    "(SELECT max(handover.partner_name) FROM handover"
    " WHERE handover.ticket_id = ticket.id AND handover.confirmed_at = ticket.answer_from)"
)


def upgrade() -> None:
    for name in TIMES:
        op.add_column("ticket", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("taken_by", sa.String(length=120), nullable=True))
    _fill("reopened_at", LAST.format("reopened"), "is_open")
    _fill("urgent_since", LAST.format("rated"), "urgency IS NOT NULL")
    _fill("emergency_noted_at", LAST.format("rated"), "emergency_call_sealed IS NOT NULL")
    _fill("news_since", LAST.format("joined"), "is_open AND urgency IS NOT NULL AND rank = 1")
    _fill("answer_from", CONFIRMED, f"status = 'handed_over' AND NOT {WAITS}")
    _fill("taken_by", PARTNER, "answer_from IS NOT NULL")


def _fill(column: str, value: str, where: str) -> None:
    op.execute(f"UPDATE ticket SET {column} = {value} WHERE {where}")  # noqa: S608  constants of this file


def downgrade() -> None:
    for name in ("taken_by", *reversed(TIMES)):
        op.drop_column("ticket", name)
