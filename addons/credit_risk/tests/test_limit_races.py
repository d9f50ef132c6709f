from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install", "credit_race")
class TestLimitRaces(BaseCase):
    """A limit that is changed while a member uses it: the later transaction is refused and, in
    Odoo, run again. Data are committed and taken away again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        cursor, env = self._open()
        self.company = env.ref("base.main_company").id
        names = ("甲", "乙", "母")
        partners = env["res.partner"].create([{"name": f"赛 {name}"} for name in names])
        accounts = [
            env["credit.account"]._for(one, env["res.company"].browse(self.company))
            for one in partners
        ]
        self.accounts = [account.id for account in accounts]
        self.group = env["credit.group"].create({"name": "赛", "limit_amount": 100}).id
        accounts[0].group_id = accounts[1].group_id = self.group
        accounts[0].parent_id = accounts[2]
        self.partners = partners.ids
        env.flush_all()
        cursor.commit()
        cursor.close()
        self.addCleanup(self._clean_up)

    def _open(self):
        cursor = db_connect(get_db_name()).cursor()
        return cursor, api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def _clean_up(self):
        cursor, env = self._open()
        for statement, ids in (
            ("DELETE FROM credit_limit_line WHERE account_id = ANY(%s)", self.accounts),
            ("DELETE FROM credit_account WHERE id = ANY(%s)", self.accounts),
            ("DELETE FROM credit_group WHERE id = ANY(%s)", [self.group]),
            ("DELETE FROM res_partner WHERE id = ANY(%s)", self.partners),
        ):
            env.cr.execute(SQL(statement, ids))
        cursor.commit()
        cursor.close()

    def _assert_refused(self, change, member):
        """A transaction that began before the change can't use the limit of before."""
        late, env = self._open()
        env["credit.account"].browse(self.accounts)._figures()  # the snapshot is taken
        cursor, other = self._open()
        change(other)
        other.flush_all()
        cursor.commit()
        cursor.close()
        try:
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                env["credit.account"].browse(self.accounts[member])._bump()
        finally:
            late.rollback()
            late.close()

    def test_shared_limit(self):
        """The group's limit is lowered: each of its members notices."""
        for member in (0, 1):
            self._assert_refused(
                lambda env, member=member: (
                    env["credit.group"].browse(self.group).write({"limit_amount": 50 - member})
                ),
                member,
            )

    def test_parent_limit(self):
        """The parent's limit is lowered: its subsidiary notices."""
        self._assert_refused(
            lambda env: (
                env["credit.account"]
                .browse(self.accounts[2])
                .write({"limit_kind": "limited", "limit_amount": 5})
            ),
            0,
        )

    def test_line(self):
        """A temporary change begins, or somebody joins: the others notice."""
        self._assert_refused(
            lambda env: env["credit.limit.line"].create(
                {"account_id": self.accounts[0], "kind": "deposit", "amount": 5}
            ),
            0,
        )
        self._assert_refused(
            lambda env: (
                env["credit.account"].browse(self.accounts[2]).write({"group_id": self.group})
            ),
            1,
        )
