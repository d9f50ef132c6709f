from odoo import api, fields, models

ORDERS_SHOWN = 3


class MrpProduction(models.Model):
    """What a production is for, and which productions make its components: by the pegs."""

    _inherit = "mrp.production"

    supply_parent_ids = fields.Many2many(
        "mrp.production",
        string="Needed By",
        compute="_compute_supply_chain",
        help="Productions that take what this one makes.",
    )
    supply_child_ids = fields.Many2many(
        "mrp.production",
        string="Components Made By",
        compute="_compute_supply_chain",
        help="Productions that make components of this one.",
    )
    supply_parent_count = fields.Integer(compute="_compute_supply_chain")
    supply_child_count = fields.Integer(compute="_compute_supply_chain")
    supply_share_ids = fields.One2many(
        "supply.peg",
        "supply_production_id",
        "Made For",
        readonly=True,
        help="Who gets how much of what this production makes.",
    )
    supply_for = fields.Char(
        "For", compute="_compute_supply_for", help="Orders and customers that wait for it."
    )
    supply_promise_date = fields.Date(
        "Promise Date",
        compute="_compute_supply_for",
        help="The earliest date promised to one of them.",
    )
    supply_workcenter_id = fields.Many2one(
        "mrp.workcenter",
        "Next Work Center",
        compute="_compute_supply_workcenter_id",
        help="Where its first open operation is done.",
    )

    # -- computes -------------------------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_supply_chain(self):
        parents = self._linked_productions("supply_production_id", "production_id")
        children = self._linked_productions("production_id", "supply_production_id")
        for production in self:
            production.supply_parent_ids = parents.get(production._origin.id)
            production.supply_child_ids = children.get(production._origin.id)
            production.supply_parent_count = len(production.supply_parent_ids)
            production.supply_child_count = len(production.supply_child_ids)

    def _linked_productions(self, own, other):
        """Productions at the other end of a peg that the reader may see, by production."""
        pegs = self.env["supply.peg"].sudo()
        found = {}
        for mine, theirs in pegs._read_group(
            [(own, "in", self._origin.ids), (other, "!=", False)], [own, other]
        ):
            found.setdefault(mine.id, set()).add(theirs.id)
        everything = self.browse({number for ids in found.values() for number in ids})
        readable = set(everything._filtered_access("read").ids)
        return {mine: self.browse(sorted(ids & readable)) for mine, ids in found.items()}

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("sale_line_ids")
    def _compute_supply_for(self):
        for production in self:
            lines = production.sale_line_ids.sudo()
            names = [
                f"{order.name} {order.partner_id.display_name}" for order in lines.order_id.sorted()
            ]
            more = f" +{len(names) - ORDERS_SHOWN}" if len(names) > ORDERS_SHOWN else ""
            production.supply_for = (", ".join(names[:ORDERS_SHOWN]) + more) or False
            days = [line.promised_date or line.promise_date for line in lines]
            production.supply_promise_date = min(filter(None, days), default=False)

    @api.depends("workorder_ids.state", "workorder_ids.workcenter_id")
    def _compute_supply_workcenter_id(self):
        for production in self:
            open_ones = production.sudo().workorder_ids.filtered(
                lambda order: order.state not in ("done", "cancel")
            )
            production.supply_workcenter_id = open_ones[:1].workcenter_id

    # -- actions --------------------------------------------------------------------------------

    def action_view_supply_parents(self):
        """Productions that take what these make."""
        return self._view_productions(self.env._("Needed By"), self.supply_parent_ids)

    def action_view_supply_children(self):
        """Productions that make components of these."""
        return self._view_productions(self.env._("Components Made By"), self.supply_child_ids)

    def action_view_supply_tree(self):
        """All levels of productions below this one."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "production_order.mrp_production_tree_action"
        )
        return action | {
            "domain": [("root_id", "=", self.id)],
            "context": {"supply_tree_root": self.id},
        }

    def _view_productions(self, name, productions):
        self.check_access("read")
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mrp.production",
            "view_mode": "list,form",
            "domain": [("id", "in", productions.ids)],
        }
        if len(productions) == 1:
            action |= {"view_mode": "form", "res_id": productions.id}
        return action
