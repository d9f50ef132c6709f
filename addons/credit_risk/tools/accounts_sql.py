"""Rows of ``credit_account``: found, made and bumped without the ORM's write of the whole row."""

from weakref import WeakKeyDictionary

from psycopg2.errors import SerializationFailure

from odoo.service import model as service
from odoo.tools import SQL

# New accounts at once after which the table is analysed (control is switched on, the hourly job).
MANY = 500

# How often a transaction waits for its turn; each time somebody else has had his.
TURNS = 200

# How often a bump was refused in the call that a cursor serves.
_refused = WeakKeyDictionary()


def find(env, pairs):
    """``[(id, partner id, company id)]`` of the accounts of these (partner, company) ids."""
    return env.execute_query(
        SQL(
            """
            SELECT a.id, a.partner_id, a.company_id
              FROM credit_account a
              JOIN (VALUES %s) pair (partner_id, company_id)
                ON a.partner_id = pair.partner_id AND a.company_id = pair.company_id
            """,
            _values(pairs),
        )
    )


def insert_missing(env, pairs):
    """Make the accounts that don't exist, in a fixed order.

    When another transaction has made one since this one's snapshot, PostgreSQL refuses and
    Odoo runs the whole call again; that is no error for the log.
    """
    env.cr.execute(
        SQL(
            """
            INSERT INTO credit_account (partner_id, company_id, currency_id, limit_kind,
                                        limit_amount, version, create_uid, write_uid,
                                        create_date, write_date)
            SELECT pair.partner_id, pair.company_id, c.currency_id, 'default', 0, 0,
                   %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM (VALUES %(values)s) pair (partner_id, company_id)
              JOIN res_company c ON c.id = pair.company_id
             ORDER BY 1, 2
            ON CONFLICT (partner_id, company_id) DO NOTHING
            """,
            uid=env.uid,
            values=_values(pairs),
        ),
        log_exceptions=False,
    )
    if len(pairs) > MANY:
        # Else the database would plan the query of figures for the few rows it knows about.
        env.cr.execute("ANALYZE credit_account")


def bump(env, ids):
    """Write ``version``; rows are taken in the order of ids, so that nobody waits in a circle.

    The second of two transactions gets a serialization failure and is run again by Odoo,
    which is part of the scheme and no error for the log.
    """
    env.cr.execute(
        SQL(
            """
            WITH locked AS (
                SELECT id FROM credit_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
            )
            UPDATE credit_account a SET version = version + 1
              FROM locked WHERE a.id = locked.id
            """,
            list(ids),
        ),
        log_exceptions=False,
    )
    _refused.pop(env.cr, None)


def take_turn(env, bump):
    """Bump before anything else is written, and wait for one's turn instead of failing.

    A transaction that waits for another one's bump is refused when that one commits, as its
    snapshot is older. Odoo would run the call again after a pause of up to 2, 4, 8, 16 seconds;
    with many clerks on one customer some would run out of tries. As long as a transaction
    has written nothing, beginning it anew on a fresh snapshot loses nothing: that is done here,
    in place and at once. What was read before is forgotten.

    :param bump: callable that writes the versions
    :return: pair (bumped, waited). Not bumped: something was written already, or this is in
        the middle of somebody's savepoint; then Odoo's way is the only one. Waited: what was
        read before may be out of date.
    """
    if any(env.transaction.field_dirty.values()):
        return False, False
    ((untouched,),) = env.execute_query(SQL("SELECT pg_current_xact_id_if_assigned() IS NULL"))
    if not untouched:
        return False, False
    refused = _refused.get(env.cr, 0)
    for turn in range(TURNS):
        env.cr.execute("SAVEPOINT credit_turn")
        try:
            bump()
        except SerializationFailure:
            env.cr.execute("ROLLBACK TO SAVEPOINT credit_turn")
            env.cr.execute("RELEASE SAVEPOINT credit_turn")
            _refused[env.cr] = refused  # nobody else's try
            if not _is_outermost(env):
                return False, False
            env.cr.execute("ROLLBACK AND CHAIN")
            env.invalidate_all(flush=False)
        else:
            env.cr.execute("RELEASE SAVEPOINT credit_turn")
            return True, turn > 0
    return False, True


def _is_outermost(env):
    """Whether no savepoint is open: a level of a transaction that locks a row gets an id, and a
    lock on it; so do all levels above. The row is one that nobody changes."""
    env.cr.execute("SELECT 1 FROM ir_module_module WHERE name = 'base' FOR KEY SHARE")
    ((levels,),) = env.execute_query(
        SQL(
            "SELECT count(*) FROM pg_locks"
            " WHERE locktype = 'transactionid' AND granted AND pid = pg_backend_pid()"
        )
    )
    return levels == 1


def is_last_try(cr):
    """Whether Odoo has run this call as often as it does, now that a bump was refused again.

    Counted on the cursor, which Odoo keeps from one try to the next.
    """
    _refused[cr] = _refused.get(cr, 0) + 1
    return _refused[cr] >= service.MAX_TRIES_ON_CONCURRENCY_FAILURE


def owing_customers(env, company_ids):
    """``[(commercial partner id, company id)]`` of all with an order or an open item."""
    return env.execute_query(
        SQL(
            """
            SELECT DISTINCT p.commercial_partner_id, o.company_id
              FROM sale_order o JOIN res_partner p ON p.id = o.partner_invoice_id
             WHERE o.company_id = ANY(%(companies)s) AND o.state <> 'cancel'
             UNION
            SELECT DISTINCT p.commercial_partner_id, l.company_id
              FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
                                    AND a.account_type = 'asset_receivable'
              JOIN res_partner p ON p.id = l.partner_id
             WHERE l.company_id = ANY(%(companies)s)
               AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE
            """,
            companies=company_ids,
        )
    )


def _values(pairs):
    return SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs)
