"""Recordings that are stored here, to be deleted at the carrier; and when something was last done."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)
# What was stored before: an entry that says something about its recording tells that it is not whole.
STORED = """
    INSERT INTO phone_recording (sid, contact_id, kept_at)
    SELECT attachment.position, attachment.contact_id, entry.at FROM attachment
    JOIN contact ON contact.id = attachment.contact_id AND contact.channel = 'phone'
    JOIN entry ON entry.fact = 'recording:' || attachment.position AND entry.text_sealed IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "last_time",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_last_time"),
    )
    op.create_table(
        "phone_recording",
        sa.Column("sid", sa.String(length=34), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_phone_recording_contact_id_contact"),
        sa.PrimaryKeyConstraint("sid", name="pk_phone_recording"),
    )
    op.create_index("ix_phone_recording_contact_id", "phone_recording", ["contact_id"], unique=False)
    op.create_index("ix_phone_recording_deleted_at", "phone_recording", ["deleted_at", "kept_at"], unique=False)
    op.execute(STORED)


def downgrade() -> None:
    op.drop_table("phone_recording")
    op.drop_table("last_time")
