from odoo import api, models

from odoo.addons.suite_base.tools.reader import RecordReader


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return {**super()._kind_labels(), "credit.policy": self.env._("Credit policy")}

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("rule")
    def _compute_rule_label(self):
        """Several rules of a policy, or the company's own ones, by what they say."""
        super()._compute_rule_label()
        several = self.filtered(lambda rec: rec.rule and rec.kind == "credit.check")
        keys = {rec: rec.rule.split(", ") for rec in several}
        reader = RecordReader(
            self.env,
            [_reference(key) for found in keys.values() for key in found if _reference(key)],
        )
        for decision, found in keys.items():
            labels = [self._credit_rule_label(reader, key) for key in found]
            decision.rule_label = "; ".join(filter(None, labels))

    def _credit_rule_label(self, reader, key):
        if reference := _reference(key):
            return reader.name(*reference)
        labels = {
            "standard": self.env._("Standard rules"),
            "standard,limit": self.env._("Standard rules: over the limit"),
            "standard,overdue": self.env._("Standard rules: overdue beyond tolerance"),
            "standard,expired": self.env._("Standard rules: limit ended"),
            "credit.account.manual_hold": self.env._("Held by hand"),
            "sale.payment.milestone": self.env._("Payment milestone"),
        }
        return labels.get(key, key)


def _reference(key):
    """``(model, id)`` of "credit.rule:7" or "credit.policy:7"; None for others."""
    model, __, number = key.partition(":")
    if model in ("credit.rule", "credit.policy") and number.isdecimal():
        return model, int(number)
    return None
