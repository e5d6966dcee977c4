"""Mails as they were fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "mailbox_lease",
        sa.Column("mailbox", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name="pk_mailbox_lease"),
    )
    op.create_table(
        "raw_mail",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mailbox", sa.String(length=200), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("internaldate", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("content_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("defeats", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=64), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_raw_mail_blob_id_blob"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_raw_mail_contact_id_contact"),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_raw_mail_data_key_id_data_key"),
        sa.PrimaryKeyConstraint("n", name="pk_raw_mail"),
        sa.UniqueConstraint("mailbox", "uidvalidity", "uid", "internaldate", "size", name="uq_raw_mail_delivery"),
    )
    op.create_index("ix_raw_mail_blob_id", "raw_mail", ["blob_id"], unique=False)
    op.create_index("ix_raw_mail_contact_id", "raw_mail", ["contact_id"], unique=False)
    op.create_index("ix_raw_mail_content_key", "raw_mail", ["content_key"], unique=False)
    op.create_index("ix_raw_mail_data_key_id", "raw_mail", ["data_key_id"], unique=False)
    op.create_index("ix_raw_mail_state_n", "raw_mail", ["state", "n"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_raw_mail_state_n", table_name="raw_mail")
    op.drop_index("ix_raw_mail_data_key_id", table_name="raw_mail")
    op.drop_index("ix_raw_mail_content_key", table_name="raw_mail")
    op.drop_index("ix_raw_mail_contact_id", table_name="raw_mail")
    op.drop_index("ix_raw_mail_blob_id", table_name="raw_mail")
    op.drop_table("raw_mail")
    op.drop_table("mailbox_lease")
