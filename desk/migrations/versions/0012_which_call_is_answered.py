"""A call back names the call that it answers, and promises that are still to keep are found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

NAME = "fk_phone_attempt_about_id_contact"


def upgrade() -> None:
    with op.batch_alter_table("phone_attempt") as table:
        table.add_column(sa.Column("about_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(NAME, "contact", ["about_id"], ["id"])
        table.create_index("ix_phone_attempt_about_id", ["about_id"], unique=False)
    op.create_index("ix_callback_done_at_promised_at", "callback", ["done_at", "promised_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_callback_done_at_promised_at", "callback")
    with op.batch_alter_table("phone_attempt") as table:
        table.drop_index("ix_phone_attempt_about_id")
        table.drop_constraint(NAME, type_="foreignkey")
        table.drop_column("about_id")
