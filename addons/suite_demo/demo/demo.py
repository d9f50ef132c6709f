import csv
import random
from datetime import datetime, time, timedelta
from pathlib import Path

from odoo import Command, fields
from odoo.tools import SQL

MODULE = "__demo__"
TABLES = Path(__file__).parent.parent / "tables"


class Demo:
    """What all steps share: environment, company, dates, tables and external ids."""

    def __init__(self, env):
        self.base_env = env(context={"lang": "en_US", "tz": "Asia/Shanghai"}, su=True)
        self.today = fields.Date.context_today(self.base_env.user.with_env(self.base_env))
        self.random = random.Random(20)
        self.company = self.ref("company") or self.base_env["res.company"]
        self.env = self.base_env
        if self.company:
            self.use_company(self.company)

    def use_company(self, company):
        """From now on everything happens in this company, without mails and log notes."""
        self.env = self.base_env(
            context={
                **self.base_env.context,
                "allowed_company_ids": company.ids,
                "tracking_disable": True,
                "mail_notrack": True,
                "mail_create_nosubscribe": True,
                "no_reset_password": True,
            }
        )
        self.company = company.with_env(self.env)

    # ---------------------------------------------------------------- tables and ids

    @staticmethod
    def table(name):
        """Rows of a table as dicts of text."""
        with open(TABLES / f"{name}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def ref(self, key):
        """The record of an external id, or None."""
        env = getattr(self, "env", self.base_env)
        return env.ref(f"{MODULE}.{key}", raise_if_not_found=False)

    def key(self, record):
        """The external id of a record, without the module."""
        return record.get_external_id()[record.id].removeprefix(f"{MODULE}.")

    def refs(self, model, keys):
        """The records of several external ids of one model, in order."""
        return self.env[model].browse(self.ref(key).id for key in keys)

    def make(self, model, items):
        """Create what is missing, in one call.

        :param items: list of (key, values)
        :return: only the new records
        """
        items = [(key, values) for key, values in items if not self.ref(key)]
        records = self.env[model].create([values for __, values in items])
        self.remember(zip([key for key, __ in items], records, strict=True))
        return records

    def remember(self, pairs):
        """Give records external ids."""
        self.env["ir.model.data"].create(
            [
                {"module": MODULE, "name": key, "model": record._name, "res_id": record.id,
                 "noupdate": True}
                for key, record in pairs
            ]
        )  # fmt: skip

    def translate(self, records, field, texts):
        """Chinese texts of a translated field, in the order of the records."""
        for record, text in zip(records, texts, strict=True):
            record.update_field_translations(field, {"zh_CN": text})

    # ---------------------------------------------------------------- people and dates

    def user(self, login):
        """A user of the demo company, empty for an empty login."""
        return self.ref(f"user_{login}") if login else self.env["res.users"]

    def acting(self, record, login):
        """The same record in the hands of a user of the demo company: his rights, his name."""
        user = self.user(login)
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def day(self, days):
        """A date relative to today."""
        return self.today + timedelta(days=int(days))

    def moment(self, days, hour=2):
        """A date and time relative to today, not later than now (2 o'clock UTC is 10 in China)."""
        moment = datetime.combine(self.day(days), time(hour, 15))
        return min(moment, fields.Datetime.now())

    def moment_due(self, days):
        """A promised date and time relative to today, noon in China."""
        return datetime.combine(self.day(days), time(4, 0))

    def backdate(self, records, days, *columns):
        """Move dates of records into the past, in SQL.

        The framework sets these itself ("now"), and a company without a past shows nothing in
        lists by month, ageing and history.
        """
        if not records:
            return
        self.env.flush_all()
        for column in columns:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                    SQL.identifier(records._table),
                    SQL.identifier(column),
                    self.moment(days),
                    list(records.ids),
                )
            )
        records.invalidate_recordset(columns, flush=False)

    # ---------------------------------------------------------------- products in documents

    def product(self, code):
        """The product of a code."""
        return self.ref(f"product_{code}")

    def lines(self, text):
        """``"CODE:2;CODE:5"`` as list of (product, quantity)."""
        parts = [part.split(":") for part in text.split(";")]
        return [(self.product(code), float(quantity)) for code, quantity in parts]

    @staticmethod
    def commands(values):
        """Commands that create lines."""
        return [Command.create(value) for value in values]
