import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..engine import loader, netting, reads, rows, writer

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
)
NOTHING = {"inserted": 0, "updated": 0, "deleted": 0, "messages": 0, "pegs": 0, "loops": ()}


class SupplyPlanner(models.Model):
    """The planning engine. One row a warehouse, bumped by every transaction that changes its plan.

    A run reads everything by set, nets in plain Python and writes only what differs. Other addons
    add bills of materials and productions by extending the methods named ``_components_below``,
    ``_load_recipes``, ``_load_productions``, ``_production_columns`` and the three ``_*_casts``.
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

    def _plan(self, warehouse_ids, product_ids):
        self.env.flush_all()
        scope = self._solve(warehouse_ids, product_ids)
        if scope is None:
            return dict(NOTHING)
        changes = self._write(scope)
        if changes.any:
            writer.bump(self.env.cr, scope.warehouse_ids)
            self._forget()
            self._record_decisions(changes)
            if self.env["supply.message"]._follow_drafts(changes.new_messages):
                again = self._plan(warehouse_ids, product_ids)
                changes.inserted += again["inserted"]
                changes.updated += again["updated"]
                changes.deleted += again["deleted"]
                changes.messages += again["messages"]
        loops = [self.env["product.product"].browse(pid).display_name for pid in scope.loops]
        if loops:
            _logger.warning("Bills of materials that contain themselves: %s", ", ".join(loops))
        return {
            "inserted": changes.inserted,
            "updated": changes.updated,
            "deleted": changes.deleted,
            "messages": changes.messages,
            "pegs": changes.pegs,
            "loops": loops,
        }

    def _solve(self, warehouse_ids, product_ids, extra=None):
        """Net the products (all when ``None``) with everything below them; ``None`` when planning
        is off. Products above join in when a date that they rely on has moved, or when what is
        stored of their need can't be right, so that the result equals that of a full run.
        ``extra(scope)`` may add demand that isn't stored; stored dates don't follow it."""
        warehouses = loader.load_warehouses(self.env, warehouse_ids, self._now())
        if not warehouses:
            return None
        wanted = None if product_ids is None else set(product_ids)
        while True:
            scope = self._load(warehouses, wanted)
            if not scope.products:
                return None if not product_ids else scope
            if extra:
                extra(scope)
            self._net(scope)
            above = scope.stale_owners() if extra else scope.moved_owners()
            if wanted is None or not above:
                return scope
            wanted |= above

    def _load(self, warehouses, product_ids):
        closure = None if product_ids is None else self._components_below(sorted(product_ids))
        rows_of = reads.planned_products(self.env.cr, closure)
        products = {row[0]: dict(zip(PRODUCT_VALUES, row[1:], strict=True)) for row in rows_of}
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        scope = loader.Scope(self.env, warehouses, products, 10**digits)
        scope.closure = closure
        if not products:
            return scope
        scope.locations = reads.stock_locations(self.env.cr, scope.warehouse_ids)
        loader.load_items(scope)
        loader.load_stock(scope)
        loader.load_offers(scope)
        self._load_recipes(scope)
        productions, purchased = loader.load_moves(scope, *self._production_columns())
        loader.load_purchases(scope, purchased)
        self._load_productions(scope, productions, full=product_ids is None)
        loader.load_lines(scope, list(self._line_casts()))
        if product_ids is not None:
            loader.load_outside(scope)
        return scope

    def _net(self, scope):
        scope.plans, scope.loops = {}, []
        for warehouse in scope.warehouses.values():
            items = {key: item for key, item in scope.items.items() if key[0] == warehouse.id}
            plan = netting.Plan(items, warehouse.today, warehouse.dampener).run()
            scope.plans[warehouse.id] = plan
            scope.loops += [pid for _wid, pid in plan.loops]

    # -- hooks ----------------------------------------------------------------------------------

    def _components_below(self, product_ids):
        """The products and everything that their supply consumes. Without productions: itself."""
        return product_ids

    def _load_recipes(self, scope):
        """Set ``item.recipe`` where a product is made."""

    def _production_columns(self):
        """Columns of ``stock_move m`` that tie it to a production (consumed, made)."""
        return SQL("NULL::int"), SQL("NULL::int")

    def _load_productions(self, scope, productions, full):
        """Open productions as supply and as demand for their components."""

    def _line_casts(self):
        return rows.LINE_CASTS

    def _peg_key_casts(self):
        return rows.PEG_KEY_CASTS

    def _message_casts(self):
        return rows.MESSAGE_CASTS

    def _message_identity(self):
        return ("kind", "purchase_line_id")

    # -- write-back -----------------------------------------------------------------------------

    def _write(self, scope):
        cr, uid = self.env.cr, self.env.uid
        changes = writer.Changes()
        products, warehouses = scope.product_ids, scope.warehouse_ids
        key_casts = self._peg_key_casts()
        stored_pegs = reads.pegs(cr, products, warehouses, [*key_casts, *rows.PEG_VALUE_CASTS])
        self._write_lines(scope, changes)
        wanted = rows.peg_rows(scope, list(key_casts))
        writer.write_pegs(cr, uid, key_casts, rows.PEG_VALUE_CASTS, stored_pegs, wanted, changes)
        casts, identity = self._message_casts(), self._message_identity()
        stored = reads.messages(cr, products, warehouses, list(casts))
        asked = rows.message_rows(scope, scope.plans.get, casts, identity)
        writer.write_messages(cr, uid, casts, identity, stored, asked, changes)
        column = 1 + list(key_casts).index("sale_line_id")
        sale_lines = scope.sale_lines | {row[column] for row in stored_pegs if row[column]}
        if changes.any and sale_lines:
            promised = reads.sale_line_dates(cr, sale_lines)
            writer.write_promises(cr, list(rows.promise_rows(promised)))
        return changes

    def _write_lines(self, scope, changes):
        casts = self._line_casts()
        proposals = {}
        fixed = {}
        for row in scope.lines:
            if row["state"] == "rejected" or not loader.is_fixed(row):
                group = proposals.setdefault((row["warehouse_id"], row["product_id"]), {})
                group[row["natural_key"] or f"L{row['id']}"] = row
            else:
                fixed[row["id"]] = row
        matched, fresh, gone = [], [], []
        for key, item in scope.items.items():
            same, new, old = writer.pair(proposals.get(key, {}), item.orders)
            gone += old
            for row, order in same:
                matched.append((row, rows.line_values(scope, item, order, casts), order))
            for order in new:
                fresh.append((rows.line_values(scope, item, order, casts), order))
        writer.write_lines(self.env.cr, self.env.uid, casts, matched, fresh, gone, changes)
        self._write_fixed(scope, fixed, changes)

    def _write_fixed(self, scope, fixed, changes):
        casts = {column: rows.LINE_CASTS[column] for column in rows.FIXED_COLUMNS}
        different = []
        for item in scope.items.values():
            for supply in item.supplies:
                row = fixed.get(supply.ref) if supply.kind == "plan" else None
                if row is None:
                    continue
                values = rows.fixed_values(scope, supply, row)
                if any(row[column] != values[column] for column in casts):
                    different.append((supply.ref, *(writer.sql_value(values[c]) for c in casts)))
                    if values["state"] == "cancelled":
                        changes.changed_lines.append(supply.ref)
        writer.update(self.env.cr, self.env.uid, "supply_plan_line", casts, different)
        changes.updated += len(different)

    def _forget(self):
        """The tables were written behind the ORM's back."""
        for model in ("supply.plan.line", "supply.peg", "supply.message"):
            self.env[model].invalidate_model(flush=False)
        self.env["sale.order.line"].invalidate_model(
            ["promise_date", "promise_late_days", "promise_data", "supply_peg_ids"], flush=False
        )

    def _record_decisions(self, changes):
        """One decision for every plan line that is new or materially different."""
        touched = self.env["supply.plan.line"].browse(changes.new_lines + changes.changed_lines)
        if touched:
            self.env["suite.decision"]._record(touched._prepare_decisions())
        messages = self.env["supply.message"].browse(changes.new_messages)
        if messages:
            self.env["suite.decision"]._record(messages._prepare_decisions())
