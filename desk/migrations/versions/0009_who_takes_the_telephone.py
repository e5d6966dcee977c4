"""Who takes the telephone, each try to reach one of them, callers who wait, and tries to call back."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")
ON_CALLS = (
    ("keyed", sa.String(length=8)),
    ("aside", sa.String(length=8)),
    ("waiting_since", MOMENT),
    ("wait_round", sa.Integer()),
    ("wait_text", sa.String(length=8)),
    ("wait_said", sa.String(length=8)),
    ("wait_said_at", MOMENT),
    ("queue_sid", sa.String(length=34)),
    ("leaving", sa.String(length=24)),
    ("draft_at", MOMENT),
    ("said_sealed", sa.LargeBinary()),
    ("draft_sealed", sa.LargeBinary()),
)


def upgrade() -> None:
    for name, kind in ON_CALLS:
        op.add_column("phone_call", sa.Column(name, kind, nullable=True))
    op.create_index("ix_phone_call_waiting_since", "phone_call", ["waiting_since"], unique=False)
    op.add_column("callback", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("callback", sa.Column("next_at", MOMENT, nullable=True))
    op.add_column("callback", sa.Column("escalated_at", MOMENT, nullable=True))
    op.create_table(
        "phone_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("on_since", MOMENT, nullable=True),
        sa.Column("paused_since", MOMENT, nullable=True),
        sa.Column("wrap_up_until", MOMENT, nullable=True),
        sa.Column("idle_since", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_phone_duty_data_key_id_data_key"),
        sa.ForeignKeyConstraint(["id"], ["user.id"], name="fk_phone_duty_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_duty"),
    )
    op.create_index("ix_phone_duty_data_key_id", "phone_duty", ["data_key_id"], unique=False)
    op.create_table(
        "phone_ring",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("by_click", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("leg_sid", sa.String(length=34), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["phone_call.id"], name="fk_phone_ring_call_id_phone_call"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_phone_ring_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_ring"),
    )
    op.create_index("ix_phone_ring_call_id_started_at", "phone_ring", ["call_id", "started_at"], unique=False)
    for name, column in (("uq_phone_ring_open_call", "call_id"), ("uq_phone_ring_open_user", "user_id")):
        op.create_index(name, "phone_ring", [column], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "phone_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("callback_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("call_sid", sa.String(length=34), nullable=True),
        sa.ForeignKeyConstraint(["callback_id"], ["callback.id"], name="fk_phone_attempt_callback_id_callback"),
        sa.ForeignKeyConstraint(["id"], ["contact.id"], name="fk_phone_attempt_id_contact"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_phone_attempt_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_attempt"),
        sa.UniqueConstraint("call_sid", name="uq_phone_attempt_call_sid"),
    )
    op.create_index("ix_phone_attempt_callback_id", "phone_attempt", ["callback_id"], unique=False)
    op.create_index("ix_phone_attempt_user_id", "phone_attempt", ["user_id"], unique=False)
    op.create_index("ix_phone_attempt_state", "phone_attempt", ["state", "changed_at"], unique=False)


def downgrade() -> None:
    op.drop_table("phone_attempt")
    op.drop_table("phone_ring")
    op.drop_table("phone_duty")
    for name in ("escalated_at", "next_at", "tries"):
        op.drop_column("callback", name)
    op.drop_index("ix_phone_call_waiting_since", "phone_call")
    for name, _kind in reversed(ON_CALLS):
        op.drop_column("phone_call", name)
