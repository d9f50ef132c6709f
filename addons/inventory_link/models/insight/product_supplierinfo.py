from math import ceil

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
GROUPS = "purchase.group_purchase_user,inventory_link.group_supply_planner"


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    supply_lead_needed = fields.Integer(
        "Lead Time Needed",
        compute="_compute_supply_lead_needed",
        groups=GROUPS,
        help="Days that were enough for nine of ten receipts of the last year. 0: fewer than three"
        " receipts say something.",
    )
    supply_lead_hint = fields.Char("Hint", compute="_compute_supply_lead_needed", groups=GROUPS)

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("partner_id", "product_tmpl_id", "product_id", "delay")
    def _compute_supply_lead_needed(self):
        """A row without a company is everybody's: measured over all companies of the user."""
        report = self.env["supply.vendor.performance"]
        seen = self.env.user.company_ids | self.env.companies
        self.supply_lead_needed, self.supply_lead_hint = 0, False
        for companies, rows in self.grouped(lambda row: row.company_id or seen).items():
            templates = rows.product_tmpl_id | rows.product_id.product_tmpl_id
            vendors = rows.partner_id.commercial_partner_id
            found = report._lead_times(vendors, templates, companies)
            for row in rows:
                template = row.product_tmpl_id or row.product_id.product_tmpl_id
                days = found.get((row.partner_id.commercial_partner_id.id, template.id))
                if days is None:
                    continue
                row.supply_lead_needed = ceil(days)
                if row.supply_lead_needed != row.delay:
                    row.supply_lead_hint = self.env._(
                        "Set lead time to %(days)s days", days=row.supply_lead_needed
                    )

    def action_set_lead_time(self):
        """Take over the lead time that the receipts of the last year needed.

        :raise AccessError: the user neither buys nor plans
        :raise UserError: too few receipts to say
        """
        self.check_access("read")
        if not self.env.su and not any(self.env.user.has_group(g) for g in GROUPS.split(",")):
            raise AccessError(self.env._("Only purchasing and planners set a vendor's lead time."))
        for row in self:
            if not row.supply_lead_needed:
                raise UserError(
                    self.env._(
                        "%(vendor)s: fewer than three receipts of the last year tell how long he"
                        " takes. Set the lead time by hand.",
                        vendor=row.partner_id.display_name,
                    )
                )
        changes = [(row, row.delay, row.supply_lead_needed) for row in self]
        for row, _old, new in changes:
            row.sudo().delay = new
        self.env["suite.decision"]._record([self._prepare_lead(*change) for change in changes])
        return True

    def _prepare_lead(self, row, old, new):
        return {
            "kind": "supply.lead",
            "record": row,
            "company_id": (row.company_id or self.env.company).id,
            "partner_id": row.partner_id.id,
            "outcome": "changed",
            "explanation": _lt(
                "Lead time of %(vendor)s for %(product)s from %(old)s to %(new)s days: nine of ten"
                " receipts of the last year took no longer.",
                vendor={"model": "res.partner", "id": row.partner_id.id},
                product={"model": "product.template", "id": row.product_tmpl_id.id},
                old=old,
                new=new,
            ),
            "rule": "supply.lead.p90",
            "rule_version": "1",
            "inputs": [
                {"model": row._name, "id": row.id, "field": "delay", "value": old},
            ],
        }
