"""Handovers to partners."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("partner", sa.String(length=60), nullable=False),
        sa.Column("partner_name", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spoken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_to_id", sa.Uuid(), nullable=True),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("person_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_by_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_handover_by_id_user"),
        sa.ForeignKeyConstraint(["confirmed_to_id"], ["user.id"], name="fk_handover_confirmed_to_id_user"),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_handover_data_key_id_data_key"),
        sa.ForeignKeyConstraint(["letter_id"], ["contact.id"], name="fk_handover_letter_id_contact"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_handover_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.UniqueConstraint("form_key", name="uq_handover_form_key"),
    )
    op.create_index("ix_handover_by_id", "handover", ["by_id"], unique=False)
    op.create_index("ix_handover_confirmed_to_id", "handover", ["confirmed_to_id"], unique=False)
    op.create_index("ix_handover_data_key_id", "handover", ["data_key_id"], unique=False)
    op.create_index("ix_handover_letter_id", "handover", ["letter_id"], unique=False)
    op.create_index("ix_handover_status_at", "handover", ["status", "at"], unique=False)
    op.create_index("ix_handover_ticket_id_at", "handover", ["ticket_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_handover_ticket_id_at", table_name="handover")
    op.drop_index("ix_handover_status_at", table_name="handover")
    op.drop_index("ix_handover_letter_id", table_name="handover")
    op.drop_index("ix_handover_data_key_id", table_name="handover")
    op.drop_index("ix_handover_confirmed_to_id", table_name="handover")
    op.drop_index("ix_handover_by_id", table_name="handover")
    op.drop_table("handover")
