from odoo import api, models

SHOWN_REFUSALS = 5


class SupplyPlanLine(models.Model):
    """Approve many lines: what needs a look is shown first, what can't be approved is told."""

    _inherit = "supply.plan.line"

    # -- actions --------------------------------------------------------------------------------

    def action_approve_many(self):
        """Approve what is proposed of these lines; ask first when some of them need a look.

        :return: the dialog that shows them, or a notification of the result
        :raise AccessError: the user doesn't answer plans
        """
        return self._start_approval(release=False)

    def action_approve_and_release(self):
        """Approve what is proposed and release all of it in one go, see
        :meth:`action_approve_many`.

        :raise AccessError: the user may not answer the plan, or not order
        """
        self._check_may_release()
        return self._start_approval(release=True)

    def action_open_change(self):
        """Change the needed day or the vendor of these lines in one go, with a preview."""
        self._check_may_edit({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Lines"),
            "res_model": "supply.plan.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    # -- approval -------------------------------------------------------------------------------

    def _start_approval(self, release):
        self._check_may_answer()
        states = ("proposed", "approved") if release else ("proposed",)
        lines = self.filtered(lambda line: line.state in states)
        reasons = lines._attention_reasons()
        if not reasons:
            return lines._approve_and_tell(release)
        wizard = self.env["supply.plan.approve"].create(lines._prepare_approval(reasons, release))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve Plan Lines"),
            "res_model": "supply.plan.approve",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _prepare_approval(self, reasons, release):
        """Values of the dialog: what needs a look line by line, the others as they are."""
        looked_at = self.filtered(lambda line: line.id in reasons)
        return {
            "release": release,
            "clear_line_ids": [(6, 0, (self - looked_at).ids)],
            "attention_ids": [
                (
                    0,
                    0,
                    {
                        "line_id": line.id,
                        "reason": "\n".join(text for _code, text in reasons[line.id]),
                        "blocked": line._is_blocked(reasons[line.id], release),
                        "chosen": not line._is_left_out(reasons[line.id]),
                    },
                )
                for line in looked_at
            ],
        }

    @api.model
    def _is_blocked(self, reasons, release):
        """Nothing the user can decide here."""
        codes = {code for code, _text in reasons}
        return "limit" in codes or (release and bool(codes & {"tentative", "vendor"}))

    @api.model
    def _is_left_out(self, reasons):
        """Late lines are to be approved, and fast; the others aren't without a word."""
        return any(code != "late" for code, _text in reasons)

    def _attention_reasons(self):
        """What somebody should look at before these lines are approved:
        ``{line id: [(code, text)]}``, codes ``limit``, ``vendor``, ``tentative`` and ``late``."""
        above = self.browse()
        if not self._may_approve_all():
            above = self.sudo().filtered(lambda line: line.state == "proposed")._above_limit()
        found = {}
        for line in self:
            texts = line._attention_texts(line.id in set(above._ids))
            if texts:
                found[line.id] = texts
        return found

    def _attention_texts(self, above):
        texts = []
        if above:
            text = self.env._("Above the approval limit: a planning manager has to approve it.")
            texts.append(("limit", text))
        if self.action != "make" and not self.vendor_id:
            texts.append(("vendor", self.env._("No valid vendor: add a vendor price first.")))
        elif self.late_days or not self.feasible_date:
            texts.append(("late", self.driver or self.env._("No date can be given.")))
        if self.tentative:
            text = self.env._("For an order that isn't confirmed: it can't be released yet.")
            texts.append(("tentative", text))
        return texts

    def _approve_and_tell(self, release=False):
        """Approve those that may be, release them when asked, and tell what became of all."""
        refused = self._refusals(release)
        good = self.filtered(lambda line: line.id not in refused)
        proposed = good.filtered(lambda line: line.state == "proposed")
        if proposed:
            proposed.action_approve()
        # approving plans anew: a line that nothing needs any more is gone
        good = good.exists().filtered(lambda line: line.state == "approved")
        result = good.action_start_release() if release and good else True
        if isinstance(result, dict):
            return result
        return self._tell_approval_result(len(good), refused, release)

    def _refusals(self, release):
        """Lines that can't be approved (or released) now: ``{line id: text}``."""
        refused = {}
        for number, reasons in self._attention_reasons().items():
            if self._is_blocked(reasons, release):
                refused[number] = reasons[0][1]
        return refused

    def _tell_approval_result(self, count, refused, release):
        if release:
            text = self.env._("%(count)s approved and released.", count=count)
        else:
            text = self.env._("%(count)s approved.", count=count)
        parts = [text]
        if refused:
            parts.append(self.env._("%(count)s refused:", count=len(refused)))
            names = {line.id: line.product_id.display_name for line in self.exists()}
            told = [f"{names.get(key, '')}: {reason}" for key, reason in refused.items()]
            parts += told[:SHOWN_REFUSALS] + (["…"] if len(told) > SHOWN_REFUSALS else [])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "sticky": bool(refused),
                "message": "\n".join(parts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- change of many -------------------------------------------------------------------------

    def _apply_edits(self, edits):
        """Change several lines together, as a planner's edit, with one run of the plan.

        :param dict edits: ``{line: new values}``, all with the same fields
        :raise AccessError: the user isn't a planner
        :raise UserError: a line isn't open, or the plan can't keep the new values
        """
        self._check_may_edit({name for vals in edits.values() for name in vals})
        self.check_access("write")
        lines = self.sudo()._locked()
        lines._check_open()
        amounts = {line.id: line._company_amount() for line in lines}
        changed = set()
        for line in lines:
            vals = line._checked_values(edits[line])
            changed |= vals.keys()
            line.write(vals)
        if changed:
            lines._follow_edit(changed, amounts)
