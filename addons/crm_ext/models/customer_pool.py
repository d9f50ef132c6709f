from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from . import customer_pool_sql

_lt = LazyTranslate(__name__)

POOLS = [("nurture", "Nurture"), ("target", "Target"), ("won", "Won")]
POOL_NAMES = {
    "": _lt("No pool"),
    "nurture": _lt("Nurture"),
    "target": _lt("Target"),
    "won": _lt("Won"),
}
STORED_FIELDS = (
    "customer_pool",
    "customer_pool_since",
    "customer_pool_manual",
    "customer_pool_note",
    "customer_pool_rule_id",
    "customer_pool_fact_model",
    "customer_pool_fact_id",
)
# The values of a document that speak for a rule: (amount field, date field).
FACT_FIELDS = {
    "account.move": ("amount_total_signed", "invoice_date"),
    "sale.order": ("amount_total", "date_order"),
    "crm.lead": ("expected_revenue", "date_deadline"),
}
NOTED = "crm_ext.customers_to_classify"


class CustomerPool(models.AbstractModel):
    """The service that puts every customer into exactly one pool.

    A pool belongs to the commercial partner, not to a company: a customer shared by several
    companies is looked at with the facts of all companies that use pools, and the first
    matching rule of any of them wins (won before target before nurture with the rules
    delivered). Facts of companies that don't use pools don't count.
    """

    _name = "customer.pool"
    _description = "Customer Pools"

    @api.model
    def classify(self, partner_ids=None):
        """Put customers into the pools that the rules say; write differences only.

        :param partner_ids: ids of customers or of their contacts; None for all customers.
            A salesperson may name customers he can read; all needs a sales manager.
        :return: ``{"nurture": n, "target": n, "won": n, "moved": n}``: the customers in each
            pool afterwards (of those asked for) and how many changed pool now
        :raises AccessError: for people outside sales
        """
        if partner_ids is None:
            group = "sales_team.group_sale_manager"
        else:
            group = "sales_team.group_sale_salesman"
            self.env["res.partner"].browse(partner_ids).check_access("read")
        if not (self.env.su or self.env.user.has_group(group)):
            raise AccessError(self.env._("Only sales can put customers into pools."))
        return self.sudo()._classify(partner_ids)

    @api.model
    def _classify(self, partner_ids=None):
        """The one decision method; events, the nightly job and people all come here."""
        counts = dict.fromkeys(dict(POOLS), 0) | {"moved": 0}
        companies = self._companies()
        if not companies or (partner_ids is not None and not partner_ids):
            return counts
        self.env.flush_all()
        rows = self._differences(companies, partner_ids)
        if rows:
            counts["moved"] = self._store(rows, companies)
        self.env.cr.execute(customer_pool_sql.contacts_query(companies.ids, partner_ids))
        if rows or self.env.cr.rowcount:
            self.env["res.partner"].invalidate_model(
                [*STORED_FIELDS, "customer_pool_reason"], flush=False
            )
        counts.update(
            self.env.execute_query(customer_pool_sql.count_query(companies.ids, partner_ids))
        )
        return counts

    @api.model
    def _cron_classify(self):
        """Nightly: time passes, quotations expire, the months of a rule run out."""
        self._classify()

    @api.model
    def _note(self, partners):
        """Have these customers looked at once, when the transaction is about to commit."""
        if not partners or not self._companies():
            return
        precommit = self.env.cr.precommit
        if NOTED not in precommit.data:
            precommit.data[NOTED] = set()
            precommit.add(self.sudo()._classify_noted)
        precommit.data[NOTED].update(partners.ids)

    def _classify_noted(self):
        partner_ids = self.env.cr.precommit.data.pop(NOTED, set())
        self._classify(sorted(partner_ids))
        self.env.flush_all()

    @api.model
    def _companies(self):
        """The companies that use pools (cached: every sale asks)."""
        return self.env["res.company"].sudo().browse(self._company_ids())

    @tools.ormcache()
    def _company_ids(self):
        return tuple(self.env["res.company"].sudo().search([("customer_pools", "=", True)]).ids)

    def _differences(self, companies, partner_ids):
        rules = []
        ranked = self.env["customer.pool.rule"].search([])
        for company in companies:
            today = company._customer_pool_today()
            own_facts = set(ranked.filtered(lambda r, c=company: r.company_id == c).mapped("fact"))
            for rank, rule in enumerate(ranked):
                # a rule of the company replaces the common rules for the same fact
                common = not rule.company_id and rule.fact not in own_facts
                if common or rule.company_id == company:
                    since = rule._since(today)
                    rules.append(
                        (rank, rule.id, company.id, rule.to_pool, rule.fact, since)
                        + (rule.minimum_amount, today)
                    )
        if not rules:
            rules = [(0, 0, 0, "nurture", "", None, 0, None)]
        self.env.cr.execute(customer_pool_sql.difference_query(companies.ids, partner_ids, rules))
        return self.env.cr.dictfetchall()

    def _store(self, rows, companies):
        """Write what differs, with one history row and one decision a move."""
        self.env.cr.execute(
            customer_pool_sql.store_query(
                [
                    (row["id"], row["pool"], False, row["rule_id"], row["model"])
                    + (row["document_id"], None, companies[:1]._customer_pool_today())
                    for row in rows
                ]
            )
        )
        moved = [row for row in rows if row["pool"] != row["old_pool"]]
        self.env["customer.pool.move"].sudo().create(
            [
                {
                    "partner_id": row["id"],
                    "from_pool": row["old_pool"],
                    "to_pool": row["pool"],
                    "automatic": True,
                    "rule_id": row["rule_id"],
                    "fact_model": row["model"],
                    "fact_id": row["document_id"],
                }
                for row in moved
            ]
        )
        self.env["suite.decision"]._record([self._prepare_decision(r, companies) for r in moved])
        return len(moved)

    def _prepare_decision(self, row, companies):
        rule = self.env["customer.pool.rule"].browse(row["rule_id"])
        inputs = [
            {
                "model": "res.partner",
                "id": row["id"],
                "field": "customer_pool",
                "value": row["old_pool"] or False,
            }
        ]
        if row["model"]:
            amount_field, date_field = FACT_FIELDS[row["model"]]
            date = fields.Date.to_string(row["date"]) if row["date"] else False
            source = {"model": row["model"], "id": row["document_id"]}
            inputs += [
                {**source, "field": amount_field, "value": float(row["amount"])},
                {**source, "field": date_field, "value": date},
            ]
        return {
            "kind": "pool.move",
            "res_model": "res.partner",
            "res_id": row["id"],
            "partner_id": row["id"],
            "company_id": row["company_id"] or rule.company_id.id or companies[:1].id,
            "outcome": "moved",
            "explanation": self._explanation(row),
            "rule": f"customer.pool.rule:{rule.id}" if rule else False,
            "rule_version": str(rule.version) if rule else False,
            "inputs": inputs,
        }

    def _explanation(self, row):
        if not row["pool"]:
            return _lt("Left the pools: no lead, quotation, order or invoice is left")
        pools = {"old": POOL_NAMES[row["old_pool"] or ""], "new": POOL_NAMES[row["pool"]]}
        if not row["rule_id"]:
            return _lt("%(old)s → %(new)s: no rule for another pool applies", **pools)
        return _lt(
            "%(old)s → %(new)s: %(rule)s (%(document)s)",
            rule={"model": "customer.pool.rule", "id": row["rule_id"]},
            document={"model": row["model"], "id": row["document_id"]},
            **pools,
        )

    @api.model
    def _move_by_hand(self, partners, pool, reason):
        """Put customers where a person wants them, until a rule finds something new."""
        today = fields.Date.context_today(self)
        self._classify(partners.ids)
        self.env.cr.execute(
            customer_pool_sql.store_query(
                [
                    (partner.id, pool, True, partner.customer_pool_rule_id.id or None)
                    + (partner.customer_pool_fact_model or None,)
                    + (partner.customer_pool_fact_id or None, reason, today)
                    for partner in partners
                ]
            )
        )
        self.env["customer.pool.move"].sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "from_pool": partner.customer_pool,
                    "to_pool": pool,
                    "note": reason,
                }
                for partner in partners
            ]
        )
        companies = self._companies()
        self.env.cr.execute(customer_pool_sql.contacts_query(companies.ids, partners.ids))
        self.env["res.partner"].invalidate_model(
            [*STORED_FIELDS, "customer_pool_reason"], flush=False
        )

    @api.model
    def _reasons(self, rows):
        """Reasons in the reader's language.

        :param rows: list of (pool, note, rule, model, document id)
        """
        documents = {}
        for model in {row[3] for row in rows if row[3]}:
            ids = {row[4] for row in rows if row[3] == model}
            records = self.env[model].sudo().browse(ids).exists()
            documents.update({(model, r.id): r.display_name for r in records})
        return [self._reason(*row[:3], documents.get(row[3:])) for row in rows]

    def _reason(self, pool, note, rule, document):
        if not pool or note:
            return note or ""
        if not rule:
            return document or self.env._("No rule for another pool applies")
        if not document:
            return rule.sudo().name
        return self.env._("%(rule)s: %(document)s", rule=rule.sudo().name, document=document)
