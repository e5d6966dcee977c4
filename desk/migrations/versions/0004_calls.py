"""Calls as the carrier sees them, and call-backs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "callback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("number_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_callback_contact_id_contact"),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_callback_data_key_id_data_key"),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name="fk_callback_done_by_id_user"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_callback_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_callback"),
        sa.UniqueConstraint("contact_id", name="uq_callback_contact_id"),
    )
    op.create_index("ix_callback_data_key_id", "callback", ["data_key_id"], unique=False)
    op.create_index("ix_callback_number_hash", "callback", ["number_hash"], unique=False)
    op.create_index("ix_callback_ticket_id_promised_at", "callback", ["ticket_id", "promised_at"], unique=False)
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("caller_kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recording_sid", sa.String(length=34), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("unknown_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["contact.id"], name="fk_phone_call_id_contact"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_call"),
    )
    op.create_index("ix_phone_call_settled_heard_at", "phone_call", ["settled", "heard_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_phone_call_settled_heard_at", table_name="phone_call")
    op.drop_table("phone_call")
    op.drop_index("ix_callback_ticket_id_promised_at", table_name="callback")
    op.drop_index("ix_callback_number_hash", table_name="callback")
    op.drop_index("ix_callback_data_key_id", table_name="callback")
    op.drop_table("callback")
