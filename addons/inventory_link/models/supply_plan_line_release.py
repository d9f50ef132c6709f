from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import at_noon

#: Up to so many lines are released at once; more become a job that can be watched.
AT_ONCE = 20
SHOWN_PROBLEMS = 10


class SupplyPlanLine(models.Model):
    """From an approved line to its document, once."""

    _inherit = "supply.plan.line"

    # -- actions --------------------------------------------------------------------------------

    def action_release(self):
        """Turn approved lines into purchase and production orders, once: all of them or none.

        Lines already released are left alone, so a second click or a second user makes nothing.

        :raise UserError: a line isn't approved, or has no valid vendor
        :raise AccessError: the user may not order
        """
        lines = self.sudo()._locked()
        self._check_may_release()
        lines = lines.filtered(lambda line: line.state != "released")
        lines._check_releasable()
        lines._release()
        return True

    def action_start_release(self):
        """Release from the screen: a few lines at once, many as a job with a progress bar.

        :return: ``True``, or the action that shows the job's progress
        """
        self._check_may_release()
        lines = self.filtered(lambda line: line.state != "released")
        if len(lines) <= AT_ONCE:
            return lines.action_release()
        return self.env["supply.release"]._start(lines)._progress_action()

    # -- rights and checks ----------------------------------------------------------------------

    def _check_may_release(self):
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("inventory_link.group_supply_planner"):
            return
        groups = self._release_groups()
        for action in set(self.sudo().mapped("action")):
            if not user.has_group(groups.get(action, "inventory_link.group_supply_planner")):
                raise AccessError(self.env._("You may not turn these plan lines into orders."))

    @api.model
    def _release_groups(self):
        """Who besides planners may release, by action."""
        buyers = "purchase.group_purchase_user"
        return {"buy": buyers, "subcontract": buyers}

    def _check_releasable(self):
        problems = self._release_problems()
        if problems:
            texts = [
                f"{line.product_id.display_name}: {problems[line.id]}"
                for line in self
                if line.id in problems
            ]
            more = "\n…" if len(texts) > SHOWN_PROBLEMS else ""
            raise UserError(
                self.env._(
                    "These lines can't be released:\n%(problems)s",
                    problems="\n".join(texts[:SHOWN_PROBLEMS]) + more,
                )
            )

    def _release_problems(self):
        """Why lines can't be released: ``{id: text}`` of those that can't."""
        found = {line.id: line._release_problem() for line in self}
        return {number: text for number, text in found.items() if text}

    def _release_problem(self):
        """Why this line can't be released and what to do; empty when it can."""
        if self.state not in ("proposed", "approved"):
            return self.env._("It was rejected or cancelled.")
        if self.tentative:
            return self.env._(
                "It is for orders that aren't confirmed yet (credit hold or quotation). It can be"
                " released when they are."
            )
        if self.state == "proposed":
            return self.env._("Approve it first.")
        if self.action != "make" and not self.vendor_id:
            return self.env._("No valid vendor. Add a vendor price on the product.")
        return ""

    # -- documents ------------------------------------------------------------------------------

    def _release(self):
        """Documents of checked and locked lines."""
        if not self:
            return
        # released first: documents that plan by themselves must not see the line as open
        self.write({"state": "released", "natural_key": False})
        self._create_documents()
        # more than is needed, because a planner wanted that: its draft isn't cut by the plan
        self.filtered(lambda line: not (line.edited and line.free_quantity))._keep_document()
        self._replan()

    def _create_documents(self):
        """Documents of the lines by action; productions are added by ``production_order``."""
        for lines in self._bought()._purchase_groups():
            lines._create_purchase_order()

    def _bought(self):
        return self.filtered(lambda line: line.action != "make")

    def _purchase_group_key(self):
        """Lines with the same key may share a request for quotation."""
        return (
            self.company_id,
            self.vendor_id,
            self.currency_id,
            self.warehouse_id,
            self.requisition_id,
        )

    def _purchase_groups(self):
        """Lines that go on one request: same key, needed within the company's window of days from
        the first. Without a window everything of one key is one request."""
        result = []
        for key, lines in self.grouped(lambda line: line._purchase_group_key()).items():
            days = key[0].supply_window_days
            groups = []
            for line in lines.sorted(lambda line: (line.due_date, line.id)):
                if groups and (not days or (line.due_date - groups[-1][0].due_date).days < days):
                    groups[-1].append(line)
                else:
                    groups.append([line])
            result += [self.browse(line.id for line in group) for group in groups]
        return result

    def _release_batches(self, size):
        """Parts of a large release, most urgent first: requests stay whole."""
        batches = [[]]
        for lines in sorted(self._bought()._purchase_groups(), key=_urgency):
            if len(batches[-1]) + len(lines) > size and batches[-1]:
                batches.append([])
            batches[-1] += lines.ids
        made = (self - self._bought()).sorted(lambda line: (line.order_date, line.id)).ids
        batches += [made[start : start + size] for start in range(0, len(made), size)]
        return [self.browse(numbers) for numbers in batches if numbers]

    def _create_purchase_order(self):
        """One request for quotation for lines that belong together."""
        first = self[0]
        company = first.company_id
        tz = company.partner_id.tz or "UTC"
        order = (
            self.env["purchase.order"].with_company(company).create(self._prepare_purchase_order())
        )
        vals_list = [line._prepare_purchase_line(order, tz) for line in self]
        documents = self.env["purchase.order.line"].with_company(company).create(vals_list)
        for line, document in zip(self, documents, strict=True):
            line.purchase_line_id = document

    def _prepare_purchase_order(self):
        """Values of the request for these lines."""
        first = self[0]
        company = first.company_id
        names = {name for text in self.mapped("order_names") for name in (text or "").split(", ")}
        day = min(self.mapped("order_date"))
        return {
            "partner_id": first.vendor_id.id,
            "currency_id": first.currency_id.id,
            "company_id": company.id,
            "requisition_id": first.requisition_id.id,
            "picking_type_id": first.warehouse_id.in_type_id.id,
            "date_order": max(fields.Datetime.now(), at_noon(day, company.partner_id.tz or "UTC")),
            "origin": ", ".join(sorted(names - {""})),
            "user_id": self.env.uid,
        }

    def _prepare_purchase_line(self, order, tz):
        """Values of the purchase line: the plan's quantity, price and date in the vendor's unit."""
        uom = self.supplierinfo_id.product_uom_id or self.product_uom_id
        quantity = self.product_uom_id._compute_quantity(self.quantity, uom, rounding_method="UP")
        values = self.env["purchase.order.line"]._prepare_purchase_order_line(
            self.product_id, quantity, uom, self.company_id, self.vendor_id, order
        )
        planned = max(self.due_date, self.feasible_date or self.due_date)
        values.update(
            product_qty=quantity,
            product_uom_id=uom.id,
            price_unit=self.product_uom_id._compute_price(self.price_unit, uom),
            discount=0.0,
            date_planned=at_noon(planned, tz),
            plan_line_id=self.id,
        )
        return values


def _urgency(lines):
    return min(lines.mapped("order_date")), lines[0].id
