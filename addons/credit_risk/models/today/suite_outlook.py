from odoo import api, models

CONTROLLERS = "credit_risk.group_credit_controller"
SHOWN = 3


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _shipment_locks(self, deliveries):
        """What credit locks: the reason for everybody, what frees it for those who may read the
        customer's figures."""
        locks = super()._shipment_locks(deliveries)
        who = {}
        for picking in deliveries.filtered("shipment_locked"):
            reason, _line, cure = (picking.credit_message or "").partition("\n")
            company = picking.company_id
            if company not in who:
                who[company] = self._shipment_releasers(company)
            locks[picking.id] = {"reason": reason, "help": cure.strip(), "who": who[company]}
        return locks

    @api.model
    def _shipment_releasers(self, company):
        """Who decides about credit in a company, in words."""
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(CONTROLLERS).ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ],
                order="name",
                limit=SHOWN,
            )
        )
        if not users:
            return self.env._("Credit control may release it.")
        return self.env._(
            "Credit control may release it: %(people)s.", people=", ".join(users.mapped("name"))
        )
