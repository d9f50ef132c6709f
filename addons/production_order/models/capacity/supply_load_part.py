from odoo import fields, models


class SupplyLoadPart(models.Model):
    """The load of a week in parts that add up to a bar: what there is room for, by kind, what is
    free, and what is too much."""

    _name = "supply.load.part"
    _description = "Part of a Work Centre Load"
    _auto = False
    _order = "date, workcenter_id, id"
    _rec_name = "workcenter_id"

    load_id = fields.Many2one("supply.load", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Centre", readonly=True)
    date = fields.Date("Week", readonly=True)
    # charts put them in the order of their keys, and give each place its colour: all are always
    # there, so that the overload is the red one
    kind = fields.Selection(
        [
            ("firm", "Confirmed"),
            ("overload", "Overload"),
            ("proposed", "Proposed"),
            ("tentative", "Tentative"),
            ("unused", "Free"),
        ],
        "Part",
        readonly=True,
    )
    hours = fields.Float(readonly=True)

    @property
    def _table_query(self):
        return """
            SELECT l.id * 5 + part.place AS id, l.id AS load_id, l.company_id, l.workcenter_id,
                   l.date, part.kind, part.hours
              FROM supply_load l
             CROSS JOIN LATERAL (
                   SELECT LEAST(l.firm_hours, l.capacity_hours) AS firm,
                          LEAST(l.required_hours, l.capacity_hours) AS asked,
                          GREATEST(l.capacity_hours - l.required_hours, 0) AS rest
                   ) x
             CROSS JOIN LATERAL (
                   VALUES (0, 'firm', x.firm), (1, 'proposed', x.asked - x.firm),
                          (2, 'tentative', LEAST(l.tentative_hours, x.rest)),
                          (3, 'unused', x.rest - LEAST(l.tentative_hours, x.rest)),
                          (4, 'overload', l.overload_hours)
                   ) AS part (place, kind, hours)
        """

    # -- actions --------------------------------------------------------------------------------

    def action_view_jobs(self):
        """What is made at this work centre in this week."""
        self.ensure_one()
        return self.load_id.action_view_jobs()
