from odoo import fields, models

from ...engine import explain


class SupplyPeg(models.Model):
    """What the cards of the peg picture tell, by kind of document."""

    _inherit = "supply.peg"

    def _picture_cards(self, graph):
        """``{key: card}`` of all nodes. A kind is read at once, whatever its number."""
        by_model = {}
        for node in graph.nodes.values():
            by_model.setdefault(node.model, []).append(node)
        cards = {}
        for model, nodes in by_model.items():
            cards |= self._picture_kind(model, nodes)
        late = [node for node in graph.nodes.values() if node.late or node.undated]
        for node, text in zip(
            late, explain.tell(self.env, [node.reason for node in late]), strict=True
        ):
            cards[node.key]["reason"] = text
        return {key: cards[key] for key in graph.nodes}

    def _picture_kind(self, model, nodes):
        """Cards of nodes of one kind."""
        if model in ("stock", "safety"):
            return self._picture_stock(model, nodes)
        records = self._picture_browse(model, {node.number for node in nodes})
        details = self._picture_readers()[model](records)
        return {node.key: self._picture_card(node, **details[node.number]) for node in nodes}

    def _picture_readers(self):
        """Model → method that gives ``{id: values of the card}`` of its records."""
        return {
            "sale.order.line": self._picture_orders,
            "supply.plan.line": self._picture_plan_lines,
            "purchase.order.line": self._picture_purchases,
            "stock.move": self._picture_moves,
            "supply.forecast": self._picture_forecasts,
        }

    def _picture_card(self, node, **values):
        """A card: what the pegs say, and above it what the document says."""
        wanted, late = node.wanted or False, node.late
        card = {
            "id": node.key,
            "party": "",
            "quantity": node.quantity,
            "date": wanted,
            "feasible": False if node.undated else node.possible or wanted,
            "late_days": late,
            "no_date": node.undated,
            "reason": "",
            "state": "",
            "tentative": node.tentative and node.pegged,
            "held": False,
            "model": False,
            "res_id": False,
        }
        day = values.pop("day", None)
        if not node.pegged and day:
            card |= {"date": day, "feasible": day}
        card |= values
        if node.model == "stock.move" and node.covers:
            card["kind"] = "transfer"
        return card

    def _picture_open(self, record, openable):
        """Where a click leads, for a reader who may read it."""
        readable = record in openable
        return {"model": record._name if readable else False, "res_id": readable and record.id}

    def _picture_readable(self, records):
        """Those of the records that the reader himself may open."""
        return records.sudo(False)._filtered_access("read").sudo()

    # -- kinds ----------------------------------------------------------------------------------

    def _picture_stock(self, kind, nodes):
        products = {
            product.id: product
            for product in self._picture_browse("product.product", {n.product for n in nodes})
        }
        warehouses = self._picture_browse("stock.warehouse", {n.warehouse for n in nodes})
        names = dict(zip(warehouses.ids, warehouses.mapped("name"), strict=True))
        openable = self._picture_readable(self._picture_browse("product.product", products))
        titles = {"stock": self.env._("Stock"), "safety": self.env._("Safety Stock")}
        return {
            node.key: self._picture_card(
                node,
                kind=kind,
                title=titles[kind],
                party=names[node.warehouse],
                product=products[node.product].display_name,
                unit=products[node.product].uom_id.name,
                **self._picture_open(products[node.product], openable),
            )
            for node in nodes
        }

    def _picture_orders(self, lines):
        openable = self._picture_readable(lines.order_id)
        held = self._picture_held(lines.order_id)
        states = dict(self.env["sale.order"]._fields["state"]._description_selection(self.env))
        return {
            line.id: {
                "kind": "order",
                "title": line.order_id.name,
                "party": line.order_id.partner_id.display_name if line.order_id in openable else "",
                "product": line.product_id.display_name,
                "quantity": line.product_uom_qty,
                "unit": line.product_uom_id.name,
                "state": states[line.order_id.state],
                "held": line.order_id.id in held,
                **self._picture_promise(line),
                **self._picture_open(line.order_id, openable),
            }
            for line in lines
        }

    def _picture_promise(self, line):
        """Days of a promised line as the order shows them; of others as the pegs say."""
        if not line.promise_date:
            return {}
        wanted = fields.Date.subtract(line.promise_date, days=line.promise_late_days)
        return {
            "date": wanted,
            "feasible": line.promise_date,
            "late_days": line.promise_late_days,
            "no_date": False,
        }

    def _picture_held(self, orders):
        """Ids of the orders that are held back."""
        waiting = orders.filtered(lambda order: order.state in ("draft", "sent"))
        outlook = self.env["suite.outlook"].sudo()
        return {
            number for company in waiting.company_id for number in outlook._held_orders(company.id)
        }

    def _picture_plan_lines(self, lines):
        openable = self._picture_readable(lines)
        actions = dict(lines._fields["action"]._description_selection(self.env))
        states = dict(lines._fields["state"]._description_selection(self.env))
        return {
            line.id: {
                "kind": "plan",
                "title": actions[line.action],
                "party": line.vendor_id.display_name or "" if line in openable else "",
                "product": line.product_id.display_name,
                "quantity": line.quantity,
                "unit": line.product_uom_id.name,
                "date": line.due_date,
                "feasible": line.feasible_date,
                "late_days": line.late_days,
                "no_date": not line.feasible_date,
                "state": states[line.state],
                "tentative": line.tentative,
                **self._picture_open(line, openable),
            }
            for line in lines
        }

    def _picture_purchases(self, lines):
        openable = self._picture_readable(lines.order_id)
        states = dict(self.env["purchase.order"]._fields["state"]._description_selection(self.env))
        return {
            line.id: {
                "kind": "purchase",
                "title": line.order_id.name,
                "party": line.order_id.partner_id.display_name if line.order_id in openable else "",
                "product": line.product_id.display_name,
                "quantity": line.product_qty,
                "unit": line.product_uom_id.name,
                "day": self._picture_day(line.date_planned),
                "state": states[line.order_id.state],
                **self._picture_open(line.order_id, openable),
            }
            for line in lines
        }

    def _picture_moves(self, moves):
        """Receipts that the plan counts, and needs that come from elsewhere than an order."""
        openable = self._picture_readable(moves.picking_id)
        states = dict(moves._fields["state"]._description_selection(self.env))
        return {
            move.id: {
                "kind": "delivery",
                "title": move.picking_id.name or move.reference or move.display_name,
                "product": move.product_id.display_name,
                "quantity": move.product_uom_qty,
                "unit": move.product_uom.name,
                "day": self._picture_day(move.date),
                "state": states[move.state],
                **self._picture_open(move.picking_id, openable),
            }
            for move in moves
        }

    def _picture_forecasts(self, forecasts):
        openable = self._picture_readable(forecasts)
        return {
            forecast.id: {
                "kind": "forecast",
                "title": self.env._("Forecast"),
                "product": forecast.product_id.display_name,
                "quantity": forecast.quantity,
                "unit": forecast.product_uom_id.name,
                **self._picture_open(forecast, openable),
            }
            for forecast in forecasts
        }

    def _picture_day(self, moment):
        """The day of a moment for the reader."""
        return moment and fields.Datetime.context_timestamp(self, moment).date()
