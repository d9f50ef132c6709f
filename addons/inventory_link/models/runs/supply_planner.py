import logging
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date
from zoneinfo import ZoneInfo

from psycopg2 import errors

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import loader, writer
from ...tools import at_noon
from ...tools.recorder import RECORDER
from ..supply_planner import NOTHING

_logger = logging.getLogger(__name__)

#: Products, components included, up to which a plan is made inside the user's own action.
IN_ACTION_LIMIT = 3000
#: Products of the queue above which everything is planned: that is faster then.
QUEUE_LIMIT = 5000
REPEATS = 5
PAUSE = 0.2
CLOCK = "inventory_link.clock"
REPEATED = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)


class SupplyPlanner(models.Model):
    """When plans are made: in a user's action, from the queue, at night; and what they did."""

    _inherit = "supply.planner"

    plan_day = fields.Date(
        "Planned As Of", readonly=True, help="The day as of which everything was planned last."
    )
    change_day = fields.Date(
        readonly=True, help="Latest day as of which a part was planned anew since the full run."
    )
    checked_day = fields.Date("Last Nightly Check", readonly=True)

    # -- entry points ---------------------------------------------------------------------------

    @api.model
    def _plan_products(self, products, warehouses=None):
        """Net change: plan these products and what is below them, in the same transaction; by the
        queue when that is more than a user should wait for."""
        if not products or not self._is_on(products.sudo()):
            return None
        planner = self.sudo()
        closure = planner._components_below(products.ids)
        if len(closure) > IN_ACTION_LIMIT:
            self.env["supply.change"]._enqueue(products, warehouses, "large")
            return None
        places = None if warehouses is None else warehouses.ids
        return planner._plan(places, products.ids, closure=closure)

    def _plan_since_last(self, warehouse_ids, full):
        """A run that a person asked for: everything, or what waits in the queue. The queue keeps
        its rows; its own run finds nothing to do then."""
        with self._recording("user", tell=warehouse_ids):
            if full:
                return self._plan_whole(warehouse_ids)
            products, places, companies = self.env["supply.change"]._read()
            wanted = self.env["stock.warehouse"].browse(warehouse_ids)
            whole = wanted.filtered(lambda warehouse: warehouse.company_id.id in companies)
            rest = wanted - whole if places is None else (wanted - whole).browse(places) & wanted
            results = [self._plan_whole(whole.ids)] if whole else []
            if products and rest:
                results.append(self._plan(rest.ids, sorted(products)))
            return self._sum(results)

    @api.model
    def _cron_changes(self):
        """Plan what the queue holds until it's empty. Rows go in the transaction that planned
        them; whoever planned the same warehouse meanwhile makes us repeat."""
        planner = self.sudo()
        while True:
            try:
                planned, time_left = planner._repeat(planner._plan_changes_and_commit)
            except REPEATED:
                _logger.warning("Supply planning: the queue waits, others plan all the time.")
                self.env.cr.rollback()
                time_left, planned = 0, True
            if not planned:
                return
            if not time_left:
                self.env["supply.change"]._wake()
                self.env["ir.cron"]._commit_progress()
                return

    def _plan_changes_and_commit(self):
        planned = self._plan_changes()
        return planned, self.env["ir.cron"]._commit_progress(int(planned))

    def _plan_changes(self):
        """Plan what the queue holds, as one net change; whether there was anything."""
        products, places, companies = self.env["supply.change"]._take()
        if not products and not companies:
            return False
        with self._recording("queue"):
            whole = self.env["stock.warehouse"].search([("company_id", "in", list(companies))])
            if len(products) > QUEUE_LIMIT:
                whole, products = self.env["stock.warehouse"].search([]), ()
            if whole:
                self._plan_whole(whole.ids)
            if products:
                self._plan_apart(None if places is None else sorted(places), sorted(products))
        return True

    def _plan_apart(self, places, products):
        """Plan; when something unexpected stops it, find the product that does, and plan the
        others: one product's data must not stop everybody's plan."""
        try:
            with self.env.cr.savepoint():
                self._plan(places, products)
        except REPEATED:
            raise
        except Exception:
            if len(products) == 1:
                _logger.exception("Supply planning: product %s can't be planned", products[0])
                return
            middle = len(products) // 2
            self._plan_apart(places, products[:middle])
            self._plan_apart(places, products[middle:])

    @api.model
    def _cron_run(self):
        """Each hour: the nightly work of every warehouse where a new day has begun, and digests
        that are due."""
        planner = self.sudo()
        waiting = planner._nightly_warehouses()
        for number, warehouse in enumerate(waiting, 1):
            try:
                planner._repeat(lambda warehouse=warehouse: planner._night_and_commit(warehouse))
            except REPEATED:
                _logger.warning("Supply planning: warehouse %s waits for the next hour.", number)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1, remaining=len(waiting) - number)
        self.env["supply.run"]._tell_due()

    def _night_and_commit(self, warehouse):
        """One warehouse that can't be planned must not keep the others from it."""
        try:
            self._plan_night(warehouse)
            self.env["ir.cron"]._commit_progress()
        except REPEATED:
            raise
        except Exception:
            _logger.exception("Nightly planning of warehouse %s failed", warehouse.id)
            self.env.cr.rollback()

    def _repeat(self, work):
        """Do the work again on fresh data when another transaction planned the same warehouse."""
        for number in range(REPEATS):
            try:
                return work()
            except REPEATED:
                self.env.cr.rollback()
                time.sleep(PAUSE * 2**number)
        return work()

    # -- nightly --------------------------------------------------------------------------------

    def _nightly_warehouses(self):
        """Warehouses whose new day hasn't been planned yet."""
        today = loader.load_warehouses(self.env, None, self._now())
        checked = {
            row.warehouse_id.id: row.checked_day for row in self.search([]) if row.checked_day
        }
        found = [
            number
            for number, warehouse in today.items()
            if number not in checked or checked[number].toordinal() < warehouse.today
        ]
        return self.env["stock.warehouse"].browse(found)

    def _plan_night(self, warehouse):
        """First as of the day of the stored plan, which must then change nothing more; then as of
        today. What the first finds is drift: told, and right again."""
        row = self.search([("warehouse_id", "=", warehouse.id)])
        with self._recording("night", tell=warehouse.ids) as recorder:
            check, drifted = self._check_drift(warehouse, row, recorder)
            self._plan_whole(warehouse.ids)
            recorder.checks[warehouse.id] = check, drifted
        self.search([("warehouse_id", "=", warehouse.id)]).checked_day = self._today(warehouse)

    def _check_drift(self, warehouse, row, recorder):
        """``("equal" | "drift" | "skipped", products)``."""
        products, places, companies = self.env["supply.change"]._read()
        day = row.plan_day
        mixed = row.change_day and day and row.change_day > day
        if not day or mixed or warehouse.company_id.id in companies:
            return "skipped", self.env["product.product"]
        with self._as_of(day, warehouse):
            if products and (places is None or warehouse.id in places):
                self._plan(warehouse.ids, sorted(products))
            before = self._fingerprints(warehouse)
            counts = {number: Counter(kept) for number, kept in recorder.counts.items()}
            cleared = self._clear_unplanned(warehouses=warehouse)
            found = self._plan(warehouse.ids, None)
            if not cleared and not any(
                found[name] for name in ("inserted", "updated", "deleted", "messages", "pegs")
            ):
                return "equal", self.env["product.product"]
            after = self._fingerprints(warehouse)
            recorder.counts.clear()
            recorder.counts.update(counts)
        drifted = {pid for pid, _sum in before.items() ^ after.items()}
        return "drift", self.env["product.product"].browse(sorted(drifted))

    def _fingerprints(self, warehouse):
        """A number for all that is stored of each product."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT product_id, sum(number) FROM (
                    SELECT product_id, hashtextextended(l::text, 1) AS number
                      FROM supply_plan_line l WHERE warehouse_id = %(id)s
                     UNION ALL
                    SELECT product_id, hashtextextended(g::text, 2)
                      FROM supply_peg g WHERE warehouse_id = %(id)s
                     UNION ALL
                    SELECT product_id, hashtextextended(m::text, 3)
                      FROM supply_message m WHERE warehouse_id = %(id)s
                ) x GROUP BY product_id
                """,
                id=warehouse.id,
            )
        )
        return dict(self.env.cr.fetchall())

    # -- the day --------------------------------------------------------------------------------

    def _now(self):
        """The moment that decides which day is today: now, or that of :meth:`_as_of`."""
        return self.env.cr.cache.get(CLOCK) or fields.Datetime.now()

    def _today(self, warehouse):
        zone = ZoneInfo(warehouse.company_id.partner_id.tz or "UTC")
        return self._now().replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()

    @contextmanager
    def _as_of(self, day, warehouse):
        """Plan as if it were still that day."""
        cache = self.env.cr.cache
        if day != self._today(warehouse):
            cache[CLOCK] = at_noon(day, warehouse.company_id.partner_id.tz)
        try:
            yield
        finally:
            cache.pop(CLOCK, None)

    # -- one run --------------------------------------------------------------------------------

    def _plan(self, warehouse_ids, product_ids, *args, **kwargs):
        self.env.flush_all()
        self.env["supply.change"]._forget_pending(warehouse_ids, product_ids)
        if self.env.cr.cache.get(RECORDER):
            return super()._plan(warehouse_ids, product_ids, *args, **kwargs)
        with self._recording("action"):
            return super()._plan(warehouse_ids, product_ids, *args, **kwargs)

    def _plan_whole(self, warehouse_ids):
        """Everything of these warehouses, and note as of which day."""
        warehouses = self.env["stock.warehouse"].browse(warehouse_ids)
        deleted = self._clear_unplanned(warehouses=warehouses)
        result = self._plan(warehouse_ids, None)
        days = loader.load_warehouses(self.env, warehouse_ids, self._now())
        if days:
            writer.stamp(self.env.cr, list(days))
            self.env.cr.execute_values(
                "UPDATE supply_planner p SET plan_day = v.day, change_day = NULL"
                " FROM (VALUES %s) AS v (id, day) WHERE p.warehouse_id = v.id",
                [(number, date.fromordinal(w.today)) for number, w in days.items()],
                template="(%s, %s::date)",
            )
        self.invalidate_model(["planned_on", "plan_day", "change_day"], flush=False)
        return {**result, "deleted": result["deleted"] + deleted}

    def _sum(self, results):
        total = {**NOTHING, "loops": []}
        for result in results:
            for name, value in result.items():
                total[name] += list(value) if name == "loops" else value
        return total
