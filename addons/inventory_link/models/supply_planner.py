import gc
import logging
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import (
    loader,
    loader_needs,
    netting,
    reads,
    rows_lines,
    rows_messages,
    rows_pegs,
    texts,
)
from ..engine import (
    scope as scopes,
)

_logger = logging.getLogger(__name__)

PRODUCT_VALUES = (
    "template",
    "uom",
    "policy",
    "bucket",
    "multiple",
    "max_lot",
    "rounding",
    "safety",
    "company",
    "fence",
    "surplus",
)
NOTHING = {"inserted": 0, "updated": 0, "deleted": 0, "messages": 0, "pegs": 0, "loops": ()}


class SupplyPlanner(models.Model):
    """The planning engine. One row a warehouse, bumped by every transaction that changes its plan.

    A run reads everything by set, nets in plain Python and writes only what differs. Other addons
    add bills of materials and productions by extending the methods named ``_components_below``,
    ``_load_recipes``, ``_load_productions``, ``_move_columns`` and the three ``_*_columns``.
    """

    _name = "supply.planner"
    _description = "Planner of a Warehouse"
    _rec_name = "warehouse_id"

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    version = fields.Integer(readonly=True)
    planned_on = fields.Datetime("Last Run", readonly=True)

    _warehouse_uniq = models.UniqueIndex("(warehouse_id)", "A warehouse has one planner.")

    # -- public ---------------------------------------------------------------------------------

    @api.model
    def run(self, warehouse_ids=None, full=True):
        """Plan and write what changed.

        :param list warehouse_ids: warehouses to plan, all that plan when empty
        :param bool full: all products; else those whose documents, stock or prices changed since
            the last run, with everything below them
        :return: ``{"inserted", "updated", "deleted", "messages"}``: plan lines written, messages
            that appeared, changed or went away; ``pegs`` and ``loops`` (names of products whose
            bill of materials contains itself) beside them
        :raise AccessError: the user isn't a planner
        """
        if not self.env.su and not self.env.user.has_group("inventory_link.group_supply_planner"):
            raise AccessError(self.env._("Only planners may run the planning."))
        if warehouse_ids is not None and not (
            isinstance(warehouse_ids, (list, tuple))
            and all(isinstance(number, int) for number in warehouse_ids)
        ):
            raise UserError(self.env._("Give the warehouses as a list of their numbers."))
        allowed = self.env["stock.warehouse"].search(
            [("id", "in", warehouse_ids)] if warehouse_ids is not None else []
        )
        return self.sudo()._plan_since_last(allowed.ids, full)

    @api.model
    def action_run(self):
        """Run from a button and tell the result."""
        result = self.run(self.env["stock.warehouse"].search([]).ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Planned: %(inserted)s new, %(updated)s changed, %(deleted)s removed lines,"
                    " %(messages)s messages.",
                    inserted=result["inserted"],
                    updated=result["updated"],
                    deleted=result["deleted"],
                    messages=result["messages"],
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- entry points of documents --------------------------------------------------------------

    @api.model
    def _is_on(self, products):
        """Some company plans, and some of the products are planned. One query at most."""
        self.env.cr.execute(
            SQL(
                """
                SELECT 1 FROM res_company WHERE supply_planning
                   AND EXISTS (SELECT 1 FROM product_product p
                                 JOIN product_template t ON t.id = p.product_tmpl_id
                                WHERE p.id = ANY(%s) AND t.supply_mode = 'planned')
                 LIMIT 1
                """,
                products.ids,
            )
        )
        return bool(self.env.cr.fetchone())

    # -- one run --------------------------------------------------------------------------------

    def _plan(self, warehouse_ids, product_ids, closure=None):
        self.env.flush_all()
        with _calm(product_ids is None):
            scope = self._solve(warehouse_ids, product_ids, closure=closure)
            if scope is None:
                return dict(NOTHING)
            changes = self._write(scope)
            if changes.any:
                self._adjust_promises(scope, changes)
            loops = scope.loops
            scope.dismantle()
        if changes.any:
            self._forget()
            self._promises_written(changes)
            self._record_decisions(changes)
            followed = self.env["supply.message"]._follow_drafts(changes.new_messages)
            if followed:
                # a draft of a product that only joined this run has changed what it takes
                wanted = product_ids and sorted({*product_ids, *followed})
                again = self._plan(warehouse_ids, wanted)
                changes.inserted += again["inserted"]
                changes.updated += again["updated"]
                changes.deleted += again["deleted"]
                changes.messages += again["messages"]
        names = [self.env["product.product"].browse(pid).display_name for pid in loops]
        if names:
            _logger.warning("Bills of materials that contain themselves: %s", ", ".join(names))
        return {
            "inserted": changes.inserted,
            "updated": changes.updated,
            "deleted": changes.deleted,
            "messages": changes.messages,
            "pegs": changes.pegs,
            "loops": names,
        }

    def _solve(
        self, warehouse_ids, product_ids, stored=True, closure=None, change=None, by_day=False
    ):
        """Net the products (all when ``None``) with everything below them; ``None`` when planning
        is off. Products above join in when a date that they rely on has moved, or when what is
        stored of their need can't be right, so that the result equals that of a full run.
        Not ``stored``: nothing is written, so those above may keep their dates. ``closure`` is what
        is below the products, when the caller knows it; ``change(scope)`` makes what is loaded
        another, to try something; ``by_day`` needs of others are taken together by day."""
        warehouses = loader.load_warehouses(self.env, warehouse_ids, self._now())
        if not warehouses:
            return None
        wanted = None if product_ids is None else set(product_ids)
        touched = set()
        while True:
            scope = self._load(warehouses, wanted, touched, closure, by_day)
            closure = None
            if not scope.products and not scope.problems:
                return None if not product_ids else scope
            if change:
                change(scope)
            self._net(scope)
            edited = self._edited_drafts(scope)
            if edited:
                touched |= edited
                continue
            above = scope.moved_owners() if stored else scope.stale_owners()
            if wanted is None or not above:
                return scope
            wanted |= above

    def _load(self, warehouses, product_ids, touched=(), closure=None, by_day=False):
        cr = self.env.cr
        if product_ids is not None and closure is None:
            closure = self._components_below(sorted(product_ids))
        rows = reads.planned_products(cr, closure)
        products = {row[0]: dict(zip(PRODUCT_VALUES, row[1:], strict=True)) for row in rows}
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        scope = scopes.Scope(self.env, warehouses, products, 10**digits)
        scope.closure = closure
        for pid, wid, _company, code in reads.unplannable(cr, closure):
            if wid in warehouses:
                scope.report(code, (wid, pid))
        if not products:
            return scope
        scope.locations = reads.stock_locations(cr, scope.warehouse_ids)
        loader.load_items(scope)
        loader.load_stock(scope)
        loader.load_offers(scope)
        loader.load_substitutes(scope)
        self._load_recipes(scope)
        productions, purchased = loader_needs.load_moves(scope, self._move_columns())
        loader_needs.load_purchases(scope, purchased)
        self._load_productions(scope, productions, full=product_ids is None)
        loader_needs.load_forecasts(scope)
        loader_needs.load_tentative(scope, self._tentative_needs(scope))
        loader_needs.load_reservations(scope, self._reserved_needs(scope))
        columns = self._line_columns()
        extra = [column for column in columns if column not in rows_lines.LINE_COLUMNS]
        loader_needs.load_lines(scope, texts.canonical(columns), extra)
        if product_ids is not None:
            loader_needs.load_outside(scope, by_day)
        loader_needs.load_served(scope, self._peg_columns(), touched)
        return scope

    def _edited_drafts(self, scope):
        """Of the drafts that the plan would raise, those that a person has changed: they are
        looked at one by one, so only when it matters."""
        grown = {
            (supply.kind, supply.ref)
            for item in scope.items.values()
            for supply in item.supplies
            if supply.grown
        }
        lines = self._plan_lines_of(grown) if grown else {}
        return {key for key, line in lines.items() if not line._is_as_left()}

    def _plan_lines_of(self, documents):
        """Plan lines of documents given as ``(kind, id)``."""
        purchases = self.env["purchase.order.line"].browse(
            sorted(ref for kind, ref in documents if kind == "purchase")
        )
        return {("purchase", line.id): line.plan_line_id for line in purchases}

    def _net(self, scope):
        scope.plans, scope.loops = {}, []
        for warehouse in scope.warehouses.values():
            items = {key: item for key, item in scope.items.items() if key[0] == warehouse.id}
            plan = netting.Plan(items, warehouse.today, warehouse.dampener).run()
            scope.plans[warehouse.id] = plan
            scope.loops += [pid for _wid, pid in plan.loops]
            for key in plan.loops:
                scope.report("bom_loop", key)
            for key, item in items.items():
                self._report_orders(scope, key, item)

    @staticmethod
    def _report_orders(scope, key, item):
        """What planned orders lack that somebody has to mend."""
        orders = [order for order in item.orders if order.action != "make"]
        if not orders or item.looped:
            return
        if any(not order.offer for order in orders):
            scope.report("no_vendor", key)
        if any(order.offer and not order.offer.price for order in orders):
            scope.report("no_price", key)

    # -- hooks ----------------------------------------------------------------------------------

    def _components_below(self, product_ids):
        """The products and everything that their supply consumes, with what may replace each
        other. Without productions: themselves."""
        return reads.with_substitutes(self.env.cr, product_ids)

    def _load_recipes(self, scope):
        """Set ``item.recipe`` where a product is made."""

    def _move_columns(self):
        """Columns of ``stock_move m`` that tie it to a production (consumed, made, brought to), to
        the purchase from a subcontractor that it supplies, and to its line of the bill."""
        null = SQL("NULL::int")
        names = ("raw", "finished", "picked_for", "before", "resupply", "bill_line")
        return dict.fromkeys(names, null)

    def _load_productions(self, scope, productions, full):
        """Open productions as supply and as demand for their components."""

    def _adjust_promises(self, scope, changes):
        """The plan is stored, ``changes.sale_lines`` have their promises from pegs: make them later
        where something else than goods stands in the way. Only by SQL, as the engine writes."""

    def _promises_written(self, changes):
        """The promises of ``changes.sale_lines`` may have changed: tell who should know."""

    def _line_columns(self):
        return rows_lines.LINE_COLUMNS

    def _peg_columns(self):
        return rows_pegs.PEG_COLUMNS

    def _message_columns(self):
        return rows_messages.MESSAGE_COLUMNS

    def _message_identity(self):
        return rows_messages.MESSAGE_IDENTITY

    def _reserved_needs(self, scope):
        """What is kept for quotations: rows for :func:`loader_needs.load_reservations`."""
        return []

    def _tentative_needs(self, scope):
        """Needs of orders that may come: see :func:`loader_needs.load_tentative`."""
        outlook = self.env["suite.outlook"]
        orders = self.env["sale.order"]
        for warehouse in scope.warehouses.values():
            if warehouse.holds:
                orders |= orders.browse(outlook._held_orders(warehouse.company))
            if warehouse.probability:
                orders |= orders.browse(
                    outlook._probable_orders(warehouse.company, warehouse.probability)
                )
        lines = orders.filtered(
            lambda order: order.state in ("draft", "sent") and order.warehouse_id
        ).order_line
        lines = outlook._plannable(lines)
        return lines._tentative_needs(set(scope.products), set(scope.warehouses))


@contextmanager
def _calm(large):
    """Without the garbage collector for a large run: nothing of it is garbage before its end."""
    pause = large and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()
