"""Fields of tables that the planning engine writes in bulk."""

from odoo import fields
from odoo.tools import SQL


class PlainMany2one(fields.Many2one):
    """A many2one without a foreign key.

    PostgreSQL looks up every row that a foreign key points to, row by row: for a plan of 100,000
    lines and 300,000 pegs that takes longer than the planning. The engine writes only ids that it
    has just read; what is deleted later is cleaned by :func:`clean_after_delete`.
    """

    def update_db_foreign_key(self, model, column):
        """No foreign key; one of an earlier version goes."""
        model.env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(model._table),
                SQL.identifier(f"{model._table}_{self.name}_fkey"),
            )
        )


FUNCTION = """
CREATE OR REPLACE FUNCTION supply_clean_after_delete() RETURNS trigger AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_attribute
                    WHERE attrelid = to_regclass(TG_ARGV[0]) AND attname = TG_ARGV[1]
                      AND NOT attisdropped) THEN
        RETURN NULL;  -- the addon of the field is gone
    END IF;
    IF TG_ARGV[2] = 'cascade' THEN
        EXECUTE format('DELETE FROM %I WHERE %I IN (SELECT id FROM gone)', TG_ARGV[0], TG_ARGV[1]);
    ELSE
        EXECUTE format('UPDATE %I SET %I = NULL WHERE %I IN (SELECT id FROM gone)',
                       TG_ARGV[0], TG_ARGV[1], TG_ARGV[1]);
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql
"""


def clean_after_delete(model):
    """Give the model's plain many2one fields what a foreign key does when its target is deleted:
    the row goes (``cascade``) or the link is emptied. One statement trigger a field and target."""
    cr = model.env.cr
    cr.execute(FUNCTION)
    for field in model._fields.values():
        if not isinstance(field, PlainMany2one) or not field.store:
            continue
        target = model.env[field.comodel_name]._table
        name = f"{model._table}_{field.name}_clean"
        cr.execute(
            SQL(
                "DROP TRIGGER IF EXISTS %(name)s ON %(target)s",
                name=SQL.identifier(name),
                target=SQL.identifier(target),
            )
        )
        cr.execute(
            SQL(
                """
                CREATE TRIGGER %(name)s AFTER DELETE ON %(target)s
                REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
                EXECUTE FUNCTION supply_clean_after_delete(%(table)s, %(column)s, %(mode)s)
                """,
                name=SQL.identifier(name),
                target=SQL.identifier(target),
                table=model._table,
                column=field.name,
                mode="cascade" if field.ondelete == "cascade" else "empty",
            )
        )


def drop_triggers(cr, target=None):
    """Before an addon goes: the triggers on Odoo's own tables go with it; all of them, or those
    on one table."""
    if target is None:
        cr.execute("DROP FUNCTION IF EXISTS supply_clean_after_delete() CASCADE")
        return
    cr.execute(
        SQL(
            "SELECT tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = to_regclass(%s) AND p.proname = 'supply_clean_after_delete'",
            target,
        )
    )
    for (name,) in cr.fetchall():
        cr.execute(SQL("DROP TRIGGER %s ON %s", SQL.identifier(name), SQL.identifier(target)))
