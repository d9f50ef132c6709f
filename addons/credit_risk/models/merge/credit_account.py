from odoo import models
from odoo.tools import SQL

from ...tools import limit_change, merge_records
from ...tools.clearance import cleared
from ..limits.credit_account_check import LIMIT_GATE


class CreditAccount(models.Model):
    """Customers become one, or belong to another company: their accounts follow."""

    _inherit = "credit.account"

    def _combine_pairs(self, sources, target):
        """Before the contacts ``sources`` become ``target``: one account a company of them all."""
        kept = self._accounts_of(target).grouped("company_id")
        for company, others in self._accounts_of(sources).grouped("company_id").items():
            first = kept.get(company) or others[0]
            first._absorb(others - first, self.env._("Contacts merged"))

    def _accounts_of(self, partners):
        return self.sudo().search([("partner_id", "in", partners.ids)], order="id")

    def _settle(self, partners, cause):
        """After contacts were merged or moved: each account is a commercial entity's again, holds
        are those of their documents' payers, and all are judged by fresh figures.

        :param partners: all that are or were concerned, in whatever role
        """
        accounts, partners = self.sudo(), partners.sudo()
        payers = partners.commercial_partner_id
        every = self._accounts_of(partners | payers)
        pairs = [(payer.id, company.id) for payer in payers for company in every.company_id]
        for account in every:
            payer = account.partner_id.commercial_partner_id
            if payer != account.partner_id:
                pair = (payer.id, account.company_id.id)
                accounts._for_pairs([pair])[pair]._absorb(account, cause)
        touched = accounts.union(*accounts._for_pairs(pairs).values())
        touched._bump()
        touched._rehome_holds()
        touched._exposure_raised()
        touched._exposure_lowered(cause)

    def _rehome_holds(self):
        """Open holds are under the account of whoever pays for their document now; sudo."""
        holds = self.env["credit.hold"].search(
            [("account_id", "in", self.ids), ("state", "=", "open")]
        )
        for hold in holds:
            order = hold.sale_order_id or hold.picking_id.sale_id
            document = hold.picking_id or hold.move_id
            payer = order.partner_invoice_id or document.partner_id
            pair = (payer.commercial_partner_id.id, hold.company_id.id)
            if payer and pair[0] != hold.partner_id.id:
                hold.account_id = self._for_pairs([pair])[pair]

    # ------------------------------------------------------------------ one of several

    def _absorb(self, others, cause):
        """Take over all that other accounts of the same company have; they go; ``self`` is sudo.

        Which limit the account has then: see :meth:`_limit_to_keep`. Temporary limits of the
        others are kept and end, since they were granted to somebody else.
        """
        self.ensure_one()
        others -= self
        if not others:
            return
        every = self | others
        # A consequence of the merge, not a change of mind: nobody has to approve it, for
        # no limit is raised by it.
        gate, why = cleared(self.env.cr, LIMIT_GATE, every.ids), limit_change.because
        with gate, every._changing_limits(), why(self.env.cr, cause):
            self._take_over(others, cause)

    def _take_over(self, others, cause):
        (self | others)._bump()
        before = merge_records.snapshot(self)
        absorbed = [merge_records.snapshot(other) for other in others]
        values = self._prepare_absorbed(others)
        others._end_temporary_limits()
        for other in others:
            other._to_currency(self.currency_id)
        self._take_references(others)
        if self._has_cycle("parent_id"):
            values["parent_id"] = False
        others.unlink()
        self.write(values)
        self.env["suite.decision"]._record([merge_records.merge_decision(self, absorbed, cause)])
        self.env["suite.ledger.entry"]._append(
            "credit.merge",
            merge_records.merge_entry(self, before, absorbed, cause),
            self.company_id,
        )

    def _prepare_absorbed(self, others):
        """Settings of the account after it took over others: the lower risk where they differ."""
        every = self | others
        source = self._limit_to_keep(others)
        held = every.filtered("manual_hold")
        reasons = [account.manual_hold_reason for account in held if account.manual_hold_reason]
        values = {
            "policy_id": (self.policy_id or others.policy_id[:1]).id,
            "group_id": (self.group_id or others.group_id[:1]).id,
            "rating": max((account.rating or "" for account in every), default="") or False,
            "manual_hold": bool(held),
            "manual_hold_reason": "; ".join(dict.fromkeys(reasons)) or False,
        }
        if not self.parent_id and (above := others.parent_id - every):
            values["parent_id"] = above[:1].id
        if source != self:
            values |= {
                "limit_kind": source.limit_kind,
                "limit_amount": source._limit_in(self.currency_id),
                "limit_valid_to": source.limit_valid_to,
            }
        lowest = source._judged_limit({})
        if self._judged_limit(values) > lowest + 0.005:  # by the group that it comes into
            company_currency = self.company_id.currency_id
            values |= {
                "limit_kind": "limited",
                "limit_amount": self._converted(lowest, company_currency, self.currency_id),
            }
        return {name: value for name, value in values.items() if self._differs(name, value)}

    def _limit_to_keep(self, others):
        """The account whose limit the combined one gets.

        A credit manager who merges keeps the survivor's own limit; in all other cases it is the
        lowest, so that nobody raises a limit by merging.
        """
        manager = self.env.user.has_group("credit_risk.group_credit_manager")
        if manager and self.limit_kind != "default":
            return self
        return min(self | others, key=lambda account: account._judged_limit({}))

    def _limit_in(self, currency):
        return self._converted(self.limit_amount, self.currency_id, currency)

    def _converted(self, amount, currency, target):
        company = self.company_id
        return currency._convert(amount or 0.0, target, company, company._credit_today())

    def _end_temporary_limits(self):
        """Temporary raises of these accounts end today's eve; cuts go on."""
        for line in self.limit_line_ids:
            today = line.company_id._credit_today()
            raising = line.kind == "temporary_set" or (
                line.kind == "temporary_add" and line.amount > 0
            )
            if raising and (not line.date_to or line.date_to >= today):
                self._end_line(line, today)

    def _end_line(self, line, today):
        """Past the rules of who may write a limit line: a consequence, no change of mind."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE credit_limit_line SET date_to = %(day)s::date - 1,"
                " date_from = LEAST(date_from, %(day)s::date - 1) WHERE id = %(id)s RETURNING id",
                day=today,
                id=line.id,
            )
        )
        line.invalidate_recordset()

    def _to_currency(self, currency):
        """Convert what is kept in the currency of the account's limit; holds have their own."""
        self.ensure_one()
        if self.currency_id == currency:
            return
        for line in self.limit_line_ids:
            line.amount = self._converted(line.amount, self.currency_id, currency)

    def _take_references(self, others):
        """Let everything that leads to the others lead to this account."""
        self.env.flush_all()
        moved = []
        for model, field in self._account_fields():
            found = self.env[model].sudo().with_context(active_test=False)
            moved.append((found.search([(field, "in", others.ids)]), field))
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._update_foreign_keys_generic(self._name, others, self)
        wizard._update_reference_fields_generic(self._name, others, self)
        # Decisions are immutable to everybody; here they only learn where their account went.
        self.env.execute_query(
            SQL(
                "UPDATE suite_decision SET res_id = %s WHERE res_model = %s AND res_id = ANY(%s)"
                " RETURNING id",
                self.id,
                self._name,
                others.ids,
            )
        )
        self.env.invalidate_all(flush=False)
        for records, field in moved:
            records.exists().modified([field])
        self.env.flush_all()

    def _account_fields(self):
        """``(model, field)`` of all stored links to a credit account."""
        return [
            (model._name, name)
            for model in self.env.values()
            if not model._abstract and model._auto
            for name, field in model._fields.items()
            if field.type == "many2one" and field.comodel_name == self._name and field.store
        ]

    def _has_history(self):
        """Whether anything would be lost with this account."""
        self.ensure_one()
        if self.limit_kind != "default" or self.limit_line_ids or self.manual_hold:
            return True
        if self.hold_ids or self._figures()[self.id].exposure:
            return True
        decisions = self.env["suite.decision"].sudo()
        return bool(
            decisions.search_count(
                [("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1
            )
        )
