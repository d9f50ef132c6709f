from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import clean_context, format_date

from ...engine import explain, explain_keeping, slips

ACTIVITY = "inventory_link.mail_activity_type_slip"


class SaleOrder(models.Model):
    """Tells the owner of an order when a promise can't be kept, and when it can again."""

    _inherit = ["sale.order", "suite.decision.mixin"]
    _name = "sale.order"

    def write(self, vals):
        """What its old owner was told of an order goes to the new one."""
        result = super().write(vals)
        if not {"user_id", "team_id"}.isdisjoint(vals):
            self.filtered(lambda order: order.state == "sale").sudo()._hand_over_slips()
        return result

    # -- finding --------------------------------------------------------------------------------

    @api.model
    def _watch_promises(self, line_ids, company=None):
        """Look at the promises of these order lines (with ``None`` all of the company). One
        statement when nothing has changed; their number doesn't grow with the number of orders."""
        self.env["sale.order.line"].flush_model()
        self.env["sale.order"].flush_model(["state"])
        rows = slips.find(self.env.cr, line_ids, company and company.id)
        if not rows:
            return
        slips.keep(self.env.cr, rows)
        self.env["sale.order.line"].invalidate_model(["slip_told", "late_driver"], flush=False)
        clean = clean_context(self.env.context)
        # pylint: disable-next=context-overridden
        self.sudo().with_context(clean)._tell_slips(rows)

    @api.model
    def _tell_slips(self, rows):
        """Activity, chatter and decision of the orders of these rows; in batches."""
        orders = self.browse(dict.fromkeys(row[1] for row in rows))
        slipped = orders._slipped_lines()
        activities = self._slip_activities(orders).grouped("res_id")
        known = self._slipped_before(rows, slipped)
        owners = orders._slip_owners()
        texts = self._slip_texts_of(owners, slipped)
        self._write_slip_activities(owners, slipped, activities, texts)
        self._log_slips(rows, owners, slipped, known, texts)
        self._record_slips(rows, orders, slipped, known)

    def _hand_over_slips(self):
        """Open activities of these orders go to their present owners, in their language."""
        if not self:
            return
        # pylint: disable-next=context-overridden
        clean = self.with_context(clean_context(self.env.context))
        activities = clean._slip_activities(clean).grouped("res_id")
        orders = clean.filtered(lambda order: order.id in activities)
        if orders:
            owners, slipped = orders._slip_owners(), orders._slipped_lines()
            texts = self._slip_texts_of(owners, slipped)
            self._write_slip_activities(owners, slipped, activities, texts)

    def _slipped_lines(self):
        """``{order: lines of which the owner has been told}``"""
        lines = self.env["sale.order.line"].search(
            [("order_id", "in", self.ids), ("slip_told", "!=", False)], order="order_id, id"
        )
        return lines.grouped("order_id")

    @api.model
    def _slipped_before(self, rows, slipped):
        """Orders of which the owner had been told something."""
        looked_at = {row[0] for row in rows}
        return {row[1] for row in rows if row[2]} | {
            order.id
            for order, lines in slipped.items()
            if any(line.id not in looked_at for line in lines)
        }

    def _slip_activities(self, orders):
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
                ("res_model", "=", "sale.order"),
                ("res_id", "in", orders.ids),
            ]
        )

    def _slip_owners(self):
        """Who has to do something about a late order: its salesperson, else the leader of the
        team, else whoever plans for the company. ``{order: user}``"""
        planners = {
            company: self._slip_planners(company)
            for company in self.filtered(lambda order: not order._slip_seller()).company_id
        }
        system = self.env.ref("base.user_root")
        return {
            order: order._slip_seller() or planners[order.company_id][:1] or system
            for order in self
        }

    def _slip_seller(self):
        """The salesperson or the leader of the team, who must work in the order's company."""
        for user in (self.user_id, self.team_id.user_id):
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        return self.env["res.users"]

    @api.model
    def _slip_planners(self, company):
        planners = self.env.ref("inventory_link.group_supply_planner").all_user_ids
        return planners.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).sorted("id")

    # -- telling --------------------------------------------------------------------------------

    @api.model
    def _slip_texts_of(self, owners, slipped):
        texts = {}
        for owner, orders in self.union(*owners).grouped(owners.get).items():
            texts |= orders._slip_texts(owner, slipped)
        return texts

    def _slip_texts(self, owner, slipped):
        """``{order: (summary, note)}`` in the owner's language, with the names he may see."""
        companies = self.company_id & owner.company_ids
        reader = self.with_user(owner) if owner.active and companies else self.sudo()
        context = {"lang": owner.lang or "en_US"}
        context["allowed_company_ids"] = (companies or self.company_id).ids
        env = reader.with_context(**context).env
        lines = [line for order in self for line in slipped.get(order, ())]
        reasons = explain.tell(env, [line.promise_data for line in lines])
        told = dict(zip(lines, reasons, strict=True))
        summary = env._("Promise can't be kept")
        return {
            order: (summary, self._slip_note(env, slipped[order], told))
            for order in self
            if order in slipped
        }

    @api.model
    def _slip_note(self, env, lines, told):
        rows = []
        for line in lines:
            values = {
                "product": line.product_id.sudo().with_context(lang=env.lang).display_name,
                "promised": format_date(env, line.promised_date),
                "now": format_date(env, line.promise_date) if line.promise_date else "",
                "reason": told[line],
            }
            if line.promise_data and line.promise_data[0] == "stock":
                text = env._(
                    "%(product)s: promised %(promised)s; the goods are there and haven't left",
                    **values,
                )
            elif line.promise_date:
                text = env._("%(product)s: promised %(promised)s → %(now)s. %(reason)s", **values)
            else:
                text = env._("%(product)s: promised %(promised)s → no date. %(reason)s", **values)
            rows.append(Markup("<li>%s</li>") % text)
        return Markup("<ul>%s</ul>") % Markup("").join(rows)

    @api.model
    def _write_slip_activities(self, owners, slipped, activities, texts):
        """One an order: new, changed in place, or gone. Nobody gets a mail for each of them."""
        model = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        kind = self.env.ref(ACTIVITY)
        target = self.env["ir.model"]._get_id("sale.order")
        todo, gone = [], model
        for order, owner in owners.items():
            found = activities.get(order.id, model).with_env(model.env)
            if order not in slipped:
                gone |= found
                continue
            summary, note = texts[order]
            if found:
                if found[0].note != note or found[0].user_id != owner:
                    found[0].write({"summary": summary, "note": note, "user_id": owner.id})
                gone |= found[1:]
                continue
            todo.append(
                {
                    "activity_type_id": kind.id,
                    "res_model_id": target,
                    "res_id": order.id,
                    "user_id": owner.id,
                    "summary": summary,
                    "note": note,
                    "date_deadline": fields.Date.context_today(
                        order.with_context(tz=order.company_id.partner_id.tz or "UTC")
                    ),
                    "automated": True,
                }
            )
        gone.unlink()
        model.create(todo)

    @api.model
    def _log_slips(self, rows, owners, slipped, known, texts):
        """The history in the order's chatter: that a promise broke, why anew, and that it holds
        again. A mere move of the day is in the activity."""
        other = {row[1] for row in rows if slips.reason_of(row[2]) != slips.reason_of(row[3])}
        bodies = {}
        for order, owner in owners.items():
            if order in slipped and (order.id in other or order.id not in known):
                summary, note = texts[order]
                bodies[order.id] = Markup("<p>%s</p>%s") % (summary, note)
            elif order not in slipped and self._holds_again(rows, order):
                env = order.with_context(lang=owner.lang or "en_US").env
                bodies[order.id] = Markup("<p>%s</p>") % env._("The promise can be kept again.")
        if bodies:
            self.browse(bodies)._message_log_batch(
                bodies, author_id=self.env.ref("base.partner_root").id
            )

    @api.model
    def _holds_again(self, rows, order):
        """Some line of the order slipped no more, and not because it was delivered or given up."""
        return any(row[1] == order.id and row[2] and not row[3] and row[4] for row in rows)

    @api.model
    def _record_slips(self, rows, orders, slipped, known):
        """One decision for an order that begins to slip, and one when it doesn't any more."""
        values = []
        for order in orders:
            broken = order in slipped and order.id not in known
            kept = order not in slipped and self._holds_again(rows, order)
            if not broken and not kept:
                continue
            lines = slipped[order] if broken else order.order_line.filtered("promised_date")
            values.append(
                {
                    "kind": "promise.slip",
                    "record": order,
                    "partner_id": order.partner_id.id,
                    "outcome": "slipped" if broken else "kept",
                    "explanation": explain_keeping.slip(lines, broken),
                    "rule": "promised_date",
                    "rule_version": "1",
                    "inputs": [
                        {
                            "model": "sale.order.line",
                            "id": line.id,
                            "field": name,
                            "value": line[name] and str(line[name]),
                        }
                        for line in lines
                        for name in ("promised_date", "promise_date")
                    ],
                }
            )
        if values:
            self.env["suite.decision"]._record(values)
