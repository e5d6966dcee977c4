"""Tickets, the contacts they came from, their timeline and search terms."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("urgency", sa.String(length=24), nullable=True),
        sa.Column("leading_category", sa.String(length=24), nullable=True),
        sa.Column("other_categories", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=24), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_while_closed", sa.Boolean(), nullable=False),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.String(length=24), nullable=True),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reporter_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reporter_organisation_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reporter_email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reporter_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("emergency_call_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["user.id"], name="fk_ticket_claimed_by_id_user"),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_ticket_data_key_id_data_key"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("number", name="uq_ticket_number"),
    )
    op.create_index("ix_ticket_claimed", "ticket", ["claimed_by_id", "is_open", "rank", "due_at", "id"], unique=False)
    op.create_index("ix_ticket_closed_at", "ticket", ["closed_at", "id"], unique=False)
    op.create_index("ix_ticket_data_key_id", "ticket", ["data_key_id"], unique=False)
    op.create_index("ix_ticket_queue", "ticket", ["is_open", "rank", "due_at", "id"], unique=False)
    op.create_index("ix_ticket_status", "ticket", ["status", "rank", "due_at", "id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("provider_ref", sa.String(length=120), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(length=400), nullable=False),
        sa.Column("from_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("to_tick_off", sa.Boolean(), nullable=False),
        sa.Column("ticked_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticked_off_by_id", sa.Uuid(), nullable=True),
        sa.Column("from_address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("from_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("to_address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tick_off_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raw_sha256_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("message_id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_contact_data_key_id_data_key"),
        sa.ForeignKeyConstraint(["ticked_off_by_id"], ["user.id"], name="fk_contact_ticked_off_by_id_user"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_contact_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("channel", "provider_ref", name="uq_contact_channel_provider_ref"),
    )
    op.create_index("ix_contact_data_key_id", "contact", ["data_key_id"], unique=False)
    op.create_index("ix_contact_from_hash", "contact", ["from_hash"], unique=False)
    op.create_index("ix_contact_started_at", "contact", ["started_at"], unique=False)
    op.create_index("ix_contact_ticket_id_started_at", "contact", ["ticket_id", "started_at"], unique=False)
    op.create_index("ix_contact_to_tick_off", "contact", ["to_tick_off", "started_at"], unique=False)
    op.create_table(
        "term",
        sa.Column("hash", sa.LargeBinary(length=8), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_term_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("hash", "ticket_id", name="pk_term"),
    )
    op.create_index("ix_term_ticket_id", "term", ["ticket_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.String(length=60), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("filename_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_attachment_blob_id_blob"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_attachment_contact_id_contact"),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_attachment_data_key_id_data_key"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_attachment_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint("contact_id", "position", name="uq_attachment_contact_id_position"),
    )
    op.create_index("ix_attachment_blob_id", "attachment", ["blob_id"], unique=False)
    op.create_index("ix_attachment_contact_id", "attachment", ["contact_id"], unique=False)
    op.create_index("ix_attachment_data_key_id", "attachment", ["data_key_id"], unique=False)
    op.create_index("ix_attachment_ticket_id", "attachment", ["ticket_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("fact", sa.String(length=120), nullable=True),
        sa.Column("before", sa.String(length=80), nullable=True),
        sa.Column("after", sa.String(length=80), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name="fk_entry_actor_id_user"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_entry_contact_id_contact"),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_key.id"], name="fk_entry_data_key_id_data_key"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_entry_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("n", name="pk_entry"),
        sa.UniqueConstraint("fact", name="uq_entry_fact"),
        sa.UniqueConstraint("id", name="uq_entry_id"),
    )
    op.create_index("ix_entry_actor_id", "entry", ["actor_id"], unique=False)
    op.create_index("ix_entry_contact_id", "entry", ["contact_id"], unique=False)
    op.create_index("ix_entry_data_key_id", "entry", ["data_key_id"], unique=False)
    op.create_index("ix_entry_ticket_id_n", "entry", ["ticket_id", "n"], unique=False)
    _guard("entry")


def downgrade() -> None:
    op.drop_index("ix_entry_ticket_id_n", table_name="entry")
    op.drop_index("ix_entry_data_key_id", table_name="entry")
    op.drop_index("ix_entry_contact_id", table_name="entry")
    op.drop_index("ix_entry_actor_id", table_name="entry")
    op.drop_table("entry")
    op.drop_index("ix_attachment_ticket_id", table_name="attachment")
    op.drop_index("ix_attachment_data_key_id", table_name="attachment")
    op.drop_index("ix_attachment_contact_id", table_name="attachment")
    op.drop_index("ix_attachment_blob_id", table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("ix_term_ticket_id", table_name="term")
    op.drop_table("term")
    op.drop_index("ix_contact_to_tick_off", table_name="contact")
    op.drop_index("ix_contact_ticket_id_started_at", table_name="contact")
    op.drop_index("ix_contact_started_at", table_name="contact")
    op.drop_index("ix_contact_from_hash", table_name="contact")
    op.drop_index("ix_contact_data_key_id", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_ticket_status", table_name="ticket")
    op.drop_index("ix_ticket_queue", table_name="ticket")
    op.drop_index("ix_ticket_data_key_id", table_name="ticket")
    op.drop_index("ix_ticket_closed_at", table_name="ticket")
    op.drop_index("ix_ticket_claimed", table_name="ticket")
    op.drop_table("ticket")


def _guard(table: str) -> None:
    """Make a table append-only: neither a mistake nor a person with a database client rewrites history."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
