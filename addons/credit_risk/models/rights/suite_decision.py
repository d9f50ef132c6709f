from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.depends_context("uid")
    @api.depends("kind", "partner_id", "company_id")
    def _compute_explanation(self):
        """Who reads a document doesn't get to know the credit of its customer by that."""
        super()._compute_explanation()
        if self._reads_everything():
            return
        about = self.sudo().filtered(lambda rec: (rec.kind or "").startswith("credit."))
        if not about:
            return
        pairs = {
            decision.id: (decision.partner_id.commercial_partner_id.id, decision.company_id.id)
            for decision in about
            if decision.partner_id
        }
        hidden = self.env["credit.account"]._hidden_pairs(pairs.values())
        for decision in self.filtered(lambda rec: pairs.get(rec.id) in hidden):
            decision.explanation = self.env._("You may not see this customer's credit.")

    def _with_accessible_document(self, operation):
        """Credit controllers answer credit decisions about documents that they may only read."""
        decisions = super()._with_accessible_document(operation)
        if operation == "write" and self.env.user.has_group("credit_risk.group_credit_controller"):
            about = self.sudo().filtered(lambda rec: (rec.kind or "").startswith("credit."))
            decisions |= super(
                SuiteDecision, self & about.with_env(self.env)
            )._with_accessible_document("read")
        return decisions
