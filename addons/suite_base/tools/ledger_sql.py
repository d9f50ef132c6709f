"""Statements of the ledger: its protection by the database, and its reading and writing."""

from odoo.tools import SQL

from .ledger_chain import GENESIS

BATCH = 5000


def protect_entries(cr):
    """Refuse UPDATE, DELETE and TRUNCATE of entries, also to replication roles (ALWAYS)."""
    cr.execute(
        """
        CREATE OR REPLACE FUNCTION suite_ledger_refuse() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'The ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        DROP TRIGGER IF EXISTS suite_ledger_entry_keep ON suite_ledger_entry;
        CREATE TRIGGER suite_ledger_entry_keep
            BEFORE UPDATE OR DELETE ON suite_ledger_entry
            FOR EACH ROW EXECUTE FUNCTION suite_ledger_refuse();
        DROP TRIGGER IF EXISTS suite_ledger_entry_keep_all ON suite_ledger_entry;
        CREATE TRIGGER suite_ledger_entry_keep_all
            BEFORE TRUNCATE ON suite_ledger_entry
            FOR EACH STATEMENT EXECUTE FUNCTION suite_ledger_refuse();
        ALTER TABLE suite_ledger_entry ENABLE ALWAYS TRIGGER suite_ledger_entry_keep;
        ALTER TABLE suite_ledger_entry ENABLE ALWAYS TRIGGER suite_ledger_entry_keep_all;
        """
    )


def protect_head(cr):
    """Let a head only move: one number forward, or its hash together with the new entry."""
    cr.execute(
        """
        CREATE OR REPLACE FUNCTION suite_ledger_head_refuse() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW.id = OLD.id AND NEW.company_id = OLD.company_id
                   AND NEW.sequence = OLD.sequence + 1 THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION 'The head of the ledger only moves forward: % is refused', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        DROP TRIGGER IF EXISTS suite_ledger_head_keep ON suite_ledger_head;
        CREATE TRIGGER suite_ledger_head_keep
            BEFORE UPDATE OR DELETE ON suite_ledger_head
            FOR EACH ROW EXECUTE FUNCTION suite_ledger_head_refuse();
        DROP TRIGGER IF EXISTS suite_ledger_head_keep_all ON suite_ledger_head;
        CREATE TRIGGER suite_ledger_head_keep_all
            BEFORE TRUNCATE ON suite_ledger_head
            FOR EACH STATEMENT EXECUTE FUNCTION suite_ledger_head_refuse();
        ALTER TABLE suite_ledger_head ENABLE ALWAYS TRIGGER suite_ledger_head_keep;
        ALTER TABLE suite_ledger_head ENABLE ALWAYS TRIGGER suite_ledger_head_keep_all;
        """
    )


def drop_protection(cr):
    """Remove functions and triggers, for the removal of the addon."""
    cr.execute("DROP FUNCTION IF EXISTS suite_ledger_refuse() CASCADE")
    cr.execute("DROP FUNCTION IF EXISTS suite_ledger_head_refuse() CASCADE")


def entries(env, company_id):
    """A company's entries in order of their numbers (the id decides among equal numbers),
    fetched in batches; tuples as ``ledger_chain.ENTRY_KEYS``."""
    last = (-1, -1)
    while True:
        rows = env.execute_query(
            SQL(
                """
                SELECT id, sequence, kind, payload, previous_hash, hash, create_date, user_id
                  FROM suite_ledger_entry
                 WHERE company_id = %s AND (sequence, id) > %s
                 ORDER BY sequence, id
                 LIMIT %s
                """,
                company_id,
                last,
                BATCH,
            )
        )
        yield from rows
        if len(rows) < BATCH:
            return
        last = (rows[-1][1], rows[-1][0])


def head(env, company_id):
    """``(sequence, hash)`` of a company's newest entry, None before the first one."""
    rows = env.execute_query(
        SQL("SELECT sequence, hash FROM suite_ledger_head WHERE company_id = %s", company_id)
    )
    return rows[0] if rows else None


def lock_head(env, company_id):
    """``(sequence, hash)`` of the newest entry, its row locked until the transaction ends.

    If another transaction has appended since this one began, the statement fails with a
    serialization error (SQLSTATE 40001), and so does the INSERT of a first row.
    """
    env.cr.execute(
        SQL(
            """
            INSERT INTO suite_ledger_head (company_id, sequence, hash) VALUES (%s, 0, %s)
            ON CONFLICT (company_id) DO NOTHING
            """,
            company_id,
            GENESIS,
        )
    )
    rows = env.execute_query(
        SQL(
            "SELECT sequence, hash FROM suite_ledger_head WHERE company_id = %s FOR UPDATE",
            company_id,
        )
    )
    return rows[0]


def append(env, values):
    """Insert an entry and move its company's head to it; returns the entry's id."""
    columns = SQL(", ").join(map(SQL.identifier, values))
    [(entry_id,)] = env.execute_query(
        SQL(
            "INSERT INTO suite_ledger_entry (%s) VALUES %s RETURNING id",
            columns,
            tuple(values.values()),
        )
    )
    env.cr.execute(
        SQL(
            "UPDATE suite_ledger_head SET sequence = sequence + 1, hash = %s WHERE company_id = %s",
            values["hash"],
            values["company_id"],
        )
    )
    return entry_id
