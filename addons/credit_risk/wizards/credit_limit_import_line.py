from odoo import fields, models


class CreditLimitImportLine(models.TransientModel):
    """A row of an imported spreadsheet: what it would change, or what is wrong with it."""

    _name = "credit.limit.import.line"
    _description = "Row of a Limit Import"
    _order = "number, id"

    import_id = fields.Many2one(
        "credit.limit.import", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer("Row", readonly=True)
    customer = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    account_id = fields.Many2one("credit.account", readonly=True, ondelete="cascade")
    values = fields.Json(readonly=True)
    cells = fields.Json(readonly=True)
    old_text = fields.Char("Now", readonly=True)
    new_text = fields.Char("New", readonly=True)
    reason = fields.Char(readonly=True)
    error = fields.Char("Problem", readonly=True)
    outcome = fields.Selection(
        [
            ("change", "Changes"),
            ("same", "Nothing to change"),
            ("request", "Needs approval"),
            ("error", "Wrong"),
        ],
        "Result",
        readonly=True,
    )
