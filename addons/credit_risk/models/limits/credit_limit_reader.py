import math
from collections import defaultdict
from datetime import date, datetime

from odoo import api, models
from odoo.tools import format_amount, format_date

from ...tools import limit_sheet


class RowError(ValueError):
    """What is wrong with a row, in the reader's words."""


class CreditLimitReader(models.AbstractModel):
    """Turns rows of a spreadsheet into limits: finds customers by set, checks every cell."""

    _name = "credit.limit.reader"
    _description = "Reader of Limit Spreadsheets"

    @api.model
    def _headings(self):
        """``{column: heading}`` of the template, in the user's language."""
        return {
            "customer": self.env._("Customer"),
            "ref": self.env._("Customer Reference"),
            "vat": self.env._("Tax ID"),
            "external": self.env._("External ID"),
            "company": self.env._("Company"),
            "limit": self.env._("Credit Limit"),
            "currency": self.env._("Currency"),
            "valid_to": self.env._("Valid Until"),
            "policy": self.env._("Credit Policy"),
            "group": self.env._("Credit Group"),
            "rating": self.env._("Rating"),
            "reason": self.env._("Reason"),
        }

    @api.model
    def _read_rows(self, rows, company, reason):
        """Values of the preview's lines, with few queries for any number of rows.

        :param rows: ``[(number, {column: cell})]``
        :param company: for rows that name none
        :param reason: for rows that give none
        """
        rows = [(number, self._plain_cells(cells)) for number, cells in rows]
        found = _Found(self.env, [cells for __, cells in rows], company)
        lines, seen = [], {}
        for number, cells in rows:
            line = {"number": number, "cells": cells, "customer": _customer_text(cells)}
            try:
                line |= self._read_row(cells, found, reason)
                pair = (line["partner_id"], line["company_id"])
                if pair in seen:
                    raise RowError(
                        self.env._("The same customer as in row %(number)s.", number=seen[pair])
                    )
                seen[pair] = number
            except RowError as error:
                line |= {"outcome": "error", "error": str(error)}
            lines.append(
                {
                    "outcome": False,
                    "old_text": False,
                    "new_text": False,
                    "error": False,
                    "values": False,
                    **line,
                }
            )
        return lines

    @api.model
    def _plain_cells(self, cells):
        """Cells as JSON can keep them; days as text."""
        return {
            name: str(value.date() if isinstance(value, datetime) else value)
            if isinstance(value, date)
            else value
            for name, value in cells.items()
        }

    def _read_row(self, cells, found, reason):
        """:raise RowError: something is wrong with it"""
        company = found.company(cells)
        partner = found.partner(cells)
        account = found.accounts.get((partner.id, company.id))
        values = self._values(cells, found, company)
        account = account or self.env["credit.account"].sudo().new(
            {"partner_id": partner.id, "company_id": company.id}
        )
        changed = {
            name: value for name, value in values.items() if _now(account, name) != (value or False)
        }
        line = {
            "partner_id": partner.id,
            "company_id": company.id,
            "account_id": account._origin.id,
            "customer": partner.display_name,
            "reason": limit_sheet.text(cells.get("reason", "")) or reason,
            "values": changed,
            "old_text": self._text(account, {}),
            "new_text": self._text(account, values),
            "outcome": "change" if changed else "same",
        }
        if changed and not line["reason"]:
            raise RowError(self.env._("The reason is missing."))
        if changed and found.is_approved(company) and account._is_raised(values):
            line["outcome"] = "request"
            self._check_request(changed)
        return line

    def _check_request(self, changed):
        if "group_id" in changed:
            raise RowError(
                self.env._(
                    "This needs an approval: request the limit and the group one after the other."
                )
            )

    def _values(self, cells, found, company):
        """What the row sets; columns that are empty change nothing."""
        values = {}
        if "limit" in cells:
            values["limit_kind"], values["limit_amount"] = self._limit(cells["limit"])
        if "currency" in cells:
            values["currency_id"] = found.currency(cells["currency"])
        if "valid_to" in cells:
            values["limit_valid_to"] = self._date(cells["valid_to"])
        for column, name in (("policy", "policy_id"), ("group", "group_id")):
            if column in cells:
                values[name] = found.named(column, cells[column], company)
        if "rating" in cells:
            values["rating"] = self._rating(cells["rating"])
        return values

    def _limit(self, cell):
        try:
            kind, amount = limit_sheet.parse_limit(cell)
        except ValueError as error:
            raise RowError(
                self.env._(
                    "“%(cell)s” is no limit: give a number, unlimited or default.", cell=cell
                )
            ) from error
        if amount < 0:
            raise RowError(self.env._("A limit can't be negative."))
        if not math.isfinite(amount):
            raise RowError(self.env._("“%(cell)s” is no amount.", cell=cell))
        return kind, amount

    def _date(self, cell):
        try:
            day = limit_sheet.parse_date(cell)
        except ValueError as error:
            raise RowError(
                self.env._("“%(cell)s” is no date: write it like 2026-12-31.", cell=cell)
            ) from error
        return str(day) if day else False

    def _rating(self, cell):
        rating = limit_sheet.text(cell).upper()
        if rating not in dict(self.env["credit.account"]._fields["rating"].selection):
            raise RowError(self.env._("“%(cell)s” is no rating: A, B, C or D.", cell=cell))
        return rating

    def _text(self, account, values):
        """The limit with these values in a few words."""
        fields = self.env["credit.account"]._fields
        kind = values.get("limit_kind", account.limit_kind) or "default"
        text = dict(fields["limit_kind"]._description_selection(self.env))[kind]
        if kind == "limited":
            currency = account.currency_id
            if values.get("currency_id"):
                currency = currency.browse(values["currency_id"])
            amount = values.get("limit_amount", account.limit_amount)
            text = format_amount(self.env, amount, currency)
        valid_to = values.get("limit_valid_to", account.limit_valid_to)
        if valid_to and kind != "default":
            date = format_date(self.env, valid_to)
            text = self.env._("%(limit)s until %(date)s", limit=text, date=date)
        others = [values.get("rating", account.rating)]
        for name, model in (("group_id", "credit.group"), ("policy_id", "credit.policy")):
            key = values.get(name, account[name].id)
            others.append(self.env[model].sudo().browse(key).name if key else "")
        return ", ".join([text, *(other for other in others if other)])


class _Found:
    """Everything that the rows name, looked up by set."""

    def __init__(self, env, rows, company):
        self.env = env
        self._default = company
        self._companies = self._index(env["res.company"].browse(env.companies.ids), "name")
        self._by = {
            "customer": self._partners("name", self._texts(rows, "customer")),
            "ref": self._partners("ref", self._texts(rows, "ref")),
            "vat": self._partners("vat", self._texts(rows, "vat")),
            "registry": self._partners("company_registry", self._texts(rows, "vat")),
            "external": self._externals(self._texts(rows, "external")),
        }
        self._currencies = {one.name: one.id for one in env["res.currency"].search([])}
        self._names = {
            "policy": self._index(env["credit.policy"].search([]), "name"),
            "group": self._index(env["credit.group"].search([]), "name"),
        }
        self._approved = {}
        self.accounts = self._accounts()

    def _texts(self, rows, column):
        return {limit_sheet.text(cells[column]) for cells in rows if column in cells}

    def _index(self, records, name):
        found = defaultdict(records.browse)
        for record in records:
            found[(record[name] or "").strip().lower()] |= record
        return found

    def _partners(self, name, values):
        if not values:
            return {}
        partners = self.env["res.partner"].search([(name, "in", list(values))])
        found = defaultdict(self.env["res.partner"].browse)
        for partner in partners:
            found[partner[name]] |= partner.commercial_partner_id
        return found

    def _externals(self, values):
        found = {}
        for value in values:
            module, __, name = value.rpartition(".")
            found.setdefault(module or "__import__", []).append(name)
        partners = {}
        data = self.env["ir.model.data"].sudo()
        for module, names in found.items():
            domain = [
                ("module", "=", module),
                ("name", "in", names),
                ("model", "=", "res.partner"),
            ]
            for row in data.search(domain):
                partner = self.env["res.partner"].browse(row.res_id).exists()
                partners[row.name] = partners[row.complete_name] = partner.commercial_partner_id
        return partners

    def _accounts(self):
        partners = self.env["res.partner"]
        for found in self._by.values():
            partners = partners.union(*found.values()) if found else partners
        accounts = (
            self.env["credit.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        return {(rec.partner_id.id, rec.company_id.id): rec for rec in accounts}

    def company(self, cells):
        if "company" not in cells:
            return self._default
        name = limit_sheet.text(cells["company"])
        found = self._companies[name.lower()]
        if len(found) != 1:
            raise RowError(
                self.env._("“%(name)s” is none of the companies chosen at the top.", name=name)
            )
        return found

    def partner(self, cells):
        """The customer that all given columns name together."""
        candidates = None
        for column in limit_sheet.KEYS:
            if column not in cells:
                continue
            value = limit_sheet.text(cells[column])
            found = self._by[column].get(value)
            if not found and column == "vat":
                found = self._by["registry"].get(value)
            if not found:
                raise RowError(self.env._("No customer “%(value)s”.", value=value))
            candidates = found if candidates is None else candidates & found
        if candidates is None:
            raise RowError(self.env._("The customer is missing."))
        if len(candidates) > 1:
            raise RowError(
                self.env._(
                    "%(count)s customers are called so: add their reference or tax ID.",
                    count=len(candidates),
                )
            )
        if not candidates:
            raise RowError(self.env._("Name, reference and tax ID belong to different customers."))
        return candidates

    def currency(self, cell):
        name = limit_sheet.text(cell).upper()
        name = {"人民币": "CNY", "RMB": "CNY", "美元": "USD", "欧元": "EUR"}.get(name, name)
        if name not in self._currencies:
            raise RowError(self.env._("“%(name)s” is no active currency.", name=name))
        return self._currencies[name]

    def named(self, column, cell, company):
        """The policy or group of this name; the words for "none" take it away."""
        name = limit_sheet.text(cell)
        if name.lower() in limit_sheet.NOTHING:
            return False
        found = self._names[column][name.lower()].filtered(
            lambda record: record.company_id in (company, company.browse())
        )
        if len(found) != 1:
            label = {"policy": self.env._("policy"), "group": self.env._("group")}[column]
            raise RowError(self.env._("“%(name)s” isn't a credit %(kind)s.", name=name, kind=label))
        return found.id

    def is_approved(self, company):
        """Whether the company has a matrix for limits."""
        if company not in self._approved:
            lines = self.env["credit.approval"]._lines("limit", company)
            self._approved[company] = bool(lines)
        return self._approved[company]


def _customer_text(cells):
    return next((limit_sheet.text(cells[key]) for key in limit_sheet.KEYS if key in cells), "")


def _now(account, name):
    value = account[name]
    if hasattr(value, "_name"):
        return value.id or False
    return str(value) if isinstance(value, date) else value or False
