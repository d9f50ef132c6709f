from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install", "credit_race")
class TestBillsRace(BaseCase):
    """Two clerks take the same step of a bill in two real transactions."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.first, self.second = self._env(), self._env()
        partner = self.first["res.partner"].create({"name": "并发票据"})
        bill = self.first["credit.bill"].create(
            {
                "name": "race-1302584",
                "partner_id": partner.id,
                "company_id": self.first.ref("base.main_company").id,
                "amount": 100,
                "maturity_date": "2030-01-01",
            }
        )
        self.bill_id, self.partner_id = bill.id, partner.id
        self.first.cr.commit()
        self.addCleanup(self._clean_up)

    def _env(self):
        cr = db_connect(get_db_name()).cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _clean_up(self):
        env = self._env()
        for table in ("suite_decision", "mail_message"):
            column = "res_model" if table == "suite_decision" else "model"
            env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = 'credit.bill' AND res_id = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    self.bill_id,
                )
            )
        env.cr.execute(SQL("DELETE FROM credit_bill WHERE id = %s", self.bill_id))
        env["credit.account"].search([("partner_id", "=", self.partner_id)]).unlink()
        env["res.partner"].browse(self.partner_id).unlink()
        env.cr.commit()

    def test_no_step_twice(self):
        """The later one is refused by the database; run again by Odoo it finds the step taken."""
        early = self.first["credit.bill"].browse(self.bill_id)
        late = self.second["credit.bill"].browse(self.bill_id)
        self.assertEqual((early.state, late.state), ("draft", "draft"))
        early.action_cancel()
        self.first.cr.commit()
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
            late.action_cancel()
        self.second.cr.rollback()
        self.second.invalidate_all()
        with self.assertRaises(UserError):
            late.action_cancel()
        self.second.cr.rollback()
        decisions = self.first["suite.decision"].search_count(
            [("res_model", "=", "credit.bill"), ("res_id", "=", self.bill_id)]
        )
        self.assertEqual(decisions, 1)
