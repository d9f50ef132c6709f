from collections import defaultdict

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...engine import readiness

_lt = LazyTranslate(__name__)

RESERVABLE = ("confirmed", "waiting", "partially_available", "assigned")


class MrpProduction(models.Model):
    """What the floor does with readiness: start, reserve, split."""

    _inherit = "mrp.production"

    def copy_data(self, default=None):
        """Entries of work in progress stay with the production that they are about, where the
        company plans. Odoo copies the link to every backorder, which a production user who may not
        read entries is refused."""
        if not self.company_id.filtered("supply_planning"):
            return super().copy_data(default)
        default = default or {}
        vals_list = super().copy_data({"wip_move_ids": False} | default)
        if "wip_move_ids" not in default:
            for vals in vals_list:  # not even an empty one: writing it asks for the same right
                vals.pop("wip_move_ids", None)
        return vals_list

    # -- actions --------------------------------------------------------------------------------

    def action_floor_start(self):
        """Confirm a draft, reserve its components by readiness, begin, and open it.

        :raise AccessError: the user may not change productions
        :raise UserError: it is closed, or nothing of it can be made now
        """
        self.ensure_one()
        self._check_floor()
        if self.state == "draft":
            self.action_confirm()
        solved = self._solve_readiness(self.ids)
        self._check_startable(solved)
        self._reserve_by_readiness(solved)
        self.action_start()
        return self.action_floor_open()

    def action_floor_reserve(self):
        """Reserve what readiness gives to these productions: the most urgent first, and no more
        than that. What less urgent productions have reserved of it is handed over.

        :raise UserError: one of them is closed or a draft
        """
        self._check_floor()
        drafts = self.filtered(lambda production: production.state == "draft")
        if drafts:
            raise UserError(
                self.env._(
                    "%(name)s is a draft: confirm it first, drafts reserve nothing.",
                    name=drafts[0].name,
                )
            )
        self._reserve_by_readiness(self._solve_readiness(self.ids))
        return True

    def action_floor_open(self):
        """The production's form."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mrp.production",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_floor_print(self):
        """The production order on paper."""
        self.check_access("read")
        return self.env.ref("mrp.action_report_production_order").report_action(self)

    def action_split_buildable(self):
        """Split off what can't be made yet: this production keeps what can be built now and its
        reserved components, the rest becomes a production of its own, by Odoo's own split.

        :return: the list of both
        :raise UserError: nothing or everything can be built, or it has begun
        """
        self.ensure_one()
        self._check_floor()
        self._pre_action_split_merge_hook(split=True)
        quantity = self._splittable_quantity()
        day, responsible = self.date_start, self.user_id
        both = self._split_productions({self: [quantity, self.product_qty - quantity]})
        # as the wizard does: a new production would start now, and take the stock first
        (both - self).write({"date_start": day, "user_id": responsible.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Can be built now, and the rest"),
            "res_model": "mrp.production",
            "view_mode": "list,form",
            "domain": [["id", "in", both.ids]],
        }

    # -- checks ---------------------------------------------------------------------------------

    def _check_floor(self):
        """Only production works here: salespeople may write productions for the sake of their
        orders, which isn't meant for the floor."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("mrp.group_mrp_user"):
            raise AccessError(
                self.env._("Only production users start, reserve and split productions.")
            )
        closed = self.filtered(lambda production: production.state in ("done", "cancel"))
        if closed:
            raise UserError(
                self.env._(
                    "%(name)s is closed. Open another production order.", name=closed[0].name
                )
            )

    def _check_startable(self, solved):
        mine = solved.get(self.id)
        if not mine or mine.buildable > readiness.PRECISION or mine.kit_rate == 1:
            return
        raise UserError(
            self.env._(
                "%(name)s can't be started, nothing of it can be built now: %(missing)s.\n"
                "If the parts lie here, count the stock; if an earlier production can wait, give"
                " this one the higher priority.",
                name=self.name,
                missing=self.readiness_note or "",
            )
        )

    def _splittable_quantity(self):
        mine = self._solve_readiness(self.ids).get(self.id)
        quantity = mine.buildable if mine else 0.0
        if quantity <= readiness.PRECISION:
            raise UserError(
                self.env._(
                    "Nothing of %(name)s can be built now, so there is nothing to split:"
                    " %(missing)s.",
                    name=self.name,
                    missing=self.readiness_note or "",
                )
            )
        if self.product_uom_id.compare(quantity, self.product_qty) >= 0:
            raise UserError(
                self.env._("All of %(name)s can be built now: start it as it is.", name=self.name)
            )
        return quantity

    # -- reservation ----------------------------------------------------------------------------

    def _reserve_by_readiness(self, solved):
        """Reserve for these productions what readiness gives them, most urgent first."""
        order = {number: rank for rank, number in enumerate(solved)}
        given = defaultdict(list)  # move of a less urgent production: [(for whom, quantity)]
        for production in self.sorted(lambda mo: order.get(mo.id, 0)):
            mine = solved.get(production.id)
            if not mine:
                continue
            production._reserve_brought()
            later = [number for number in solved if order[number] > order[production.id]]
            for line in mine.lines.values():
                if line.tracked:
                    production._reserve_line(line, later, given)
        moves = self.env["stock.move"].union(*given)
        moves._action_assign()  # they get what is left
        self._record_handed_over(given)

    def _reserve_brought(self):
        """What transfers brought for this production."""
        brought = self.move_raw_ids.filtered(
            lambda move: move.move_orig_ids and not move.picked and move.state in RESERVABLE
        )
        brought._action_assign()

    def _reserve_line(self, line, later, given):
        moves = self._moves_from_stock(line.product)
        if not moves:
            return
        reserved = sum(moves.move_line_ids.mapped("quantity_product_uom"))
        if reserved > line.now + readiness.PRECISION:
            moves._do_unreserve()  # more than its turn gives
            reserved = 0.0
        missing = line.now - reserved
        for move in moves:
            if missing <= readiness.PRECISION:
                break
            missing -= self._reserve_move(move, missing, later, given)
        moves._recompute_state()

    def _reserve_move(self, move, quantity, later, given):
        """Reserve for one move; what it wanted of the quantity."""
        held = sum(move.move_line_ids.mapped("quantity_product_uom"))
        wanted = min(quantity, move.product_qty - held)
        if wanted <= readiness.PRECISION:
            return 0.0
        free = self.env["stock.quant"]._get_available_quantity(move.product_id, move.location_id)
        if wanted - free > readiness.PRECISION:
            self._take_back(move, wanted - free, later, given)
        unit = move.product_id.uom_id
        force = unit._compute_quantity(wanted, move.product_uom, rounding_method="HALF-UP")
        move._action_assign(force_qty=force)
        return wanted

    def _take_back(self, move, quantity, later, given):
        """Free what less urgent productions have reserved, the least urgent first."""
        found = self.env["stock.move"].search(
            [
                ("product_id", "=", move.product_id.id),
                ("location_id", "child_of", move.location_id.id),
                ("state", "in", ("assigned", "partially_available")),
                ("picked", "=", False),
                "|",
                ("raw_material_production_id", "in", later),
                ("move_dest_ids.raw_material_production_id", "in", later),
            ]
        )
        rank = {number: place for place, number in enumerate(later)}
        for other in found.sorted(lambda m: rank.get(m._for_production().id, -1), reverse=True):
            if quantity <= readiness.PRECISION:
                break
            held = sum(other.move_line_ids.mapped("quantity_product_uom"))
            other._do_unreserve()
            given[other].append((self, min(held, quantity)))
            quantity -= held

    def _moves_from_stock(self, product_id):
        """Moves that take this component out of stock for the production: its own, or the transfers
        that bring it to the place of production."""
        raw = self.move_raw_ids.filtered(lambda move: move.product_id.id == product_id)
        moves = raw.filtered(lambda move: not move.move_orig_ids) | raw.move_orig_ids.filtered(
            lambda move: move.location_dest_id in raw.location_id and not move.production_id
        )
        return moves.filtered(lambda move: not move.picked and move.state in RESERVABLE)

    def _record_handed_over(self, given):
        """Each production that lost a reservation says to whom, and why."""
        self.env["suite.decision"]._record(
            [
                {
                    "kind": "production.reserve",
                    "record": move._for_production(),
                    "outcome": "handed_over",
                    "rule": "production_order.readiness",
                    "rule_version": "1",
                    "explanation": _lt(
                        "%(quantity)s of %(product)s were reserved here and go to %(other)s: it"
                        " comes first by priority and date.",
                        quantity={"quantity": quantity, "uom_id": move.product_id.uom_id.id},
                        product={"model": "product.product", "id": move.product_id.id},
                        other={"model": "mrp.production", "id": other.id},
                    ),
                    "inputs": [
                        {
                            "model": "mrp.production",
                            "id": production.id,
                            "field": name,
                            "value": str(production[name]),
                        }
                        for production in (move._for_production(), other)
                        for name in ("priority", "date_start")
                    ],
                }
                for move, others in given.items()
                for other, quantity in others
            ]
        )
