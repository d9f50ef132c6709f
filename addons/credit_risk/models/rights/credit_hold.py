from odoo import models


class CreditHold(models.Model):
    _inherit = "credit.hold"

    def _title(self, reader=None):
        """Without the numbers for a reader who may not know the customer's figures."""
        self.ensure_one()
        if self.account_id._visible(reader):
            return super()._title(reader)
        return self._title_for_all()

    def _title_for_all(self):
        """What everybody may read who reads the document: that it waits, and the kind of reason."""
        return self.env._("Credit hold: %(reasons)s.", reasons=self.reason_text)

    def action_open_document(self):
        """As in general, for those who may see the document."""
        self._document().check_access("read")
        return super().action_open_document()

    def action_ship_what_fits(self):
        """As in general; of an order by those who may read its hold: the part tells the credit."""
        if self.sale_order_id:
            self.check_access("read")
        return super().action_ship_what_fits()
