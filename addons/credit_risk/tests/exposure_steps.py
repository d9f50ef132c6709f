import random

from odoo.fields import Command
from odoo.tests import Form

from .bill_case import BillCase

SAME, LOWER, ANY = "same", "lower or same", "any"


class SkippedStepError(Exception):
    """The step isn't possible just now."""


class ExposureSteps(BillCase):
    """What people do with orders and goods, each step with random values.

    A step says what it may do to the exposure: nothing, lower it, or anything.
    """

    seed = 0

    def setUp(self):
        super().setUp()
        self.random = random.Random(self.seed)  # noqa: S311 - the same steps each time
        self.company.credit_overdue_days = 10_000
        self.tax = self.percent_tax(13)
        self.euro = self._euro(0.5)
        self.euros = self.env["product.pricelist"].create(
            {"name": "欧元", "currency_id": self.euro.id}
        )
        dozen = self.env.ref("uom.product_uom_dozen")
        self.products = [
            (self.goods, self.goods.uom_id),
            (self.delivery_goods, self.delivery_goods.uom_id),
            (self.delivery_goods, dozen),
            (self._product("Advice 咨询", "order", type="service"), self.goods.uom_id),
        ]
        self.loose = self._product("Loose 散件", "order", list_price=12.5)
        self.customers = [self._new_customer(number) for number in range(4)]
        self.trace = []

    def _euro(self, rate):
        euro = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        )
        euro.active = True
        euro.rate_ids.unlink()
        self._set_rate(euro, "2020-01-01", rate)
        return euro

    def _set_rate(self, currency, day, rate):
        known = currency.rate_ids.filtered(lambda rec: str(rec.name) == str(day))
        if known:
            known.rate = rate
            return
        self.env["res.currency.rate"].create(
            {
                "name": day,
                "currency_id": currency.id,
                "company_id": self.company.id,
                "rate": rate,
            }
        )

    def _new_customer(self, number):
        partner = self._customer(1e9, name=f"客户 {number}")
        if number % 4 == 1:
            self._account(partner).currency_id = self.euro
        if number % 4 == 2:
            self.env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
        return partner

    # ------------------------------------------------------------------ what there is

    def _orders(self, partner, states=("sale",)):
        return self.env["sale.order"].search(
            [("partner_invoice_id", "child_of", partner.id), ("state", "in", states)]
        )

    def _one(self, records):
        if not records:
            raise SkippedStepError
        return self.random.choice(list(records))

    def _entries(self, partner, *kinds, state="posted"):
        return self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", partner.id),
                ("move_type", "in", kinds),
                ("state", "=", state),
            ]
        )

    def _pickings(self, partner, states=("assigned", "confirmed")):
        return self._orders(partner).picking_ids.filtered(lambda rec: rec.state in states)

    def _kind(self, *documents):
        """Conservation holds exactly where no rate of exchange comes in between."""
        currencies = {doc.currency_id for doc in documents}
        return SAME if currencies == {self.company.currency_id} else ANY

    def _plain(self, partner):
        return self._account(partner).currency_id == self.company.currency_id

    # ------------------------------------------------------------------ orders

    def _step_order(self, partner):
        lines = []
        for __ in range(self.random.randint(1, 3)):
            product, uom = self.random.choice(self.products)
            lines.append(
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": uom.id,
                        "product_uom_qty": self.random.randint(1, 12),
                        "price_unit": self.random.choice([1, 3.33, 19.99, 250]),
                        "technical_price_unit": 0.0,
                        "discount": self.random.choice([0, 0, 12.5]),
                        "tax_ids": [Command.set(self.random.choice([[], self.tax.ids]))],
                    }
                )
            )
        buyer = self.random.choice([partner, *partner.child_ids])
        values = {"partner_id": buyer.id, "user_id": self.salesman.id, "order_line": lines}
        if self.random.random() < 0.25:
            values["pricelist_id"] = self.euros.id
        order = self.env["sale.order"].create(values)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        return ANY

    def _line(self, partner):
        lines = self._orders(partner).order_line
        return self._one(
            lines.filtered(lambda rec: not rec.display_type and not rec.is_downpayment)
        )

    def _step_edit_up(self, partner):
        line = self._line(partner)
        line.product_uom_qty += self.random.randint(1, 5)
        return ANY

    def _step_edit_down(self, partner):
        line = self._line(partner)
        least = max(line.qty_delivered, 0)
        if line.product_uom_qty <= least:
            raise SkippedStepError
        line.product_uom_qty = self.random.choice([least, line.product_uom_qty - 1, least + 0.5])
        return ANY  # may also go up: from a half to a whole

    def _step_price(self, partner):
        line = self._line(partner)
        line.price_unit = self.random.choice([0, 2.22, 77])
        return ANY

    def _step_cancel(self, partner):
        if self.random.random() < 0.7:
            raise SkippedStepError
        self._one(self._orders(partner))._action_cancel()
        return LOWER

    def _step_close_short(self, partner):
        if self.random.random() < 0.5:
            raise SkippedStepError
        order = self._one(self._orders(partner))
        if order.remainder_closed:
            order.action_reopen_remainder("Goes on")
            return ANY
        order.action_close_remainder("No longer needed")
        return LOWER

    def _step_line_without_quantity(self, partner):
        order = self._one(self._orders(partner))
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.delivery_goods.id,
                            "product_uom_qty": 0.0,
                            "price_unit": 5.55,
                            "technical_price_unit": 0.0,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ]
            }
        )
        return SAME

    # ------------------------------------------------------------------ goods

    def _kind_of_delivery(self, order):
        """The last delivery of goods billed on delivery ends what was returned or cancelled."""
        moves = order.picking_ids.move_ids
        ended = moves.filtered(lambda rec: rec.state == "cancel" or rec.origin_returned_move_id)
        kind = self._kind(order)
        return LOWER if ended and kind == SAME else kind

    def _deliver(self, picking, share):
        for move in picking.move_ids.filtered(lambda rec: rec.state not in ("done", "cancel")):
            move.quantity = round(move.product_uom_qty * share, 2)
            move.picked = True

    def _step_deliver_all(self, partner):
        picking = self._one(self._pickings(partner))
        self._deliver(picking, 1)
        kind = self._kind_of_delivery(picking.sale_id)
        self._validate(picking)
        return kind

    def _step_deliver_part(self, partner):
        picking = self._one(self._pickings(partner))
        self._deliver(picking, self.random.choice([0.25, 0.5]))
        kind = self._kind_of_delivery(picking.sale_id)
        self._validate(picking)
        return kind

    def _step_deliver_part_and_cancel_the_rest(self, partner):
        picking = self._one(self._pickings(partner))
        self._deliver(picking, 0.5)
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        return LOWER

    def _step_deliver_more(self, partner):
        picking = self._one(self._pickings(partner))
        self._deliver(picking, 1.25)
        self._validate(picking)
        return ANY

    def _step_cancel_delivery(self, partner):
        self._one(self._pickings(partner)).action_cancel()
        return LOWER

    def _step_return(self, partner):
        outgoing = self._pickings(partner, ("done",)).filtered(
            lambda rec: rec.picking_type_code == "outgoing"
        )
        picking = self._one(outgoing)
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        )
        wizard = form.save()
        for line in wizard.product_return_moves:
            line.quantity = round(line.move_quantity * self.random.choice([0.5, 1]), 2)
            line.to_refund = self.random.random() < 0.7
        back = wizard._create_return()
        self._deliver(back, 1)
        back.with_context(skip_backorder=True).button_validate()
        return LOWER if self._plain(partner) else ANY

    def _step_manual_delivery(self, partner):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        picking = self.env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": warehouse.out_type_id.id,
                **places,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.loose.id,
                            "product_uom_qty": self.random.randint(1, 9),
                            **places,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self._prepare(picking)
        self._validate(picking)
        return ANY

    def _step_bill_manual_delivery(self, partner):
        self._bill(
            partner,
            0,
            invoice_date=self.today,
            invoice_date_due=self.today,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.loose.id,
                        "quantity": self.random.randint(1, 4),
                        "price_unit": 12.5,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )
        return ANY
