from odoo import api, fields, models

PENDING = "inventory_link.supply_change"
TRIGGER = "inventory_link.supply_change_trigger"
LOCK = 7_305_801
#: Changes that a plan made later in the same transaction has seen. The others stay: a component
#: that left a bill of materials, say, must be planned together with what it was taken out of.
SEEN_BY_PLAN = {"move", "stock", "purchase", "production", "action"}


class SupplyChange(models.Model):
    """The queue of what has to be planned anew. Rows are only inserted and deleted, never updated,
    and reference nothing: people who work on the same product never wait for each other."""

    _name = "supply.change"
    _description = "Change to Plan"
    _order = "id"
    _rec_name = "reason"

    product_number = fields.Integer(readonly=True, help="Product id; 0: all of the company.")
    warehouse_number = fields.Integer(readonly=True, help="Warehouse id; 0: all that plan.")
    company_number = fields.Integer(readonly=True, help="Company id of a row without product.")
    reason = fields.Char(readonly=True)

    # -- adding ---------------------------------------------------------------------------------

    @api.model
    def _enqueue(self, products, warehouses=None, reason=""):
        """Plan these products (and all below them) soon after this transaction is committed.

        Costs nothing until then: what a transaction tells is collected, and written once.

        :param warehouses: only there; all that plan when ``None``
        :param str reason: short code of the event, kept for the curious
        """
        if not products:
            return
        pending = self._pending()
        for warehouse in (0,) if warehouses is None else warehouses.ids:
            for product in products.ids:
                pending[product, warehouse, 0] = self._kept_reason(
                    pending.get((product, warehouse, 0)), reason
                )

    @api.model
    def _enqueue_all(self, companies, reason=""):
        """Plan everything of these companies soon after this transaction is committed."""
        pending = self._pending() if companies else {}
        for company in companies:
            pending[0, 0, company.id] = reason

    @api.model
    def _enqueue_owners(self, column, ids):
        """A supply is about to be deleted, and its pegs with it. A net change knows the need of
        what it doesn't plan by its pegs alone: plan the owners of that need as well.

        :param str column: supply column of the peg
        """
        pegs = self.env["supply.peg"].sudo().search([(column, "in", ids)]) if ids else None
        if pegs:
            self._enqueue(pegs._demand_owners(), reason="owner")

    @staticmethod
    def _kept_reason(known, new):
        """A reason that no plan of this transaction settles isn't replaced by one that may be."""
        return known if known is not None and known not in SEEN_BY_PLAN else new

    def _pending(self):
        """``{(product, warehouse, company): reason}`` of this transaction."""
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self.sudo()._write_pending)
        return precommit.data[PENDING]

    @api.model
    def _forget_pending(self, warehouse_ids, product_ids):
        """What this transaction is about to plan itself needs no row."""
        pending = self.env.cr.precommit.data.get(PENDING)
        if not pending:
            return
        products = None if product_ids is None else set(product_ids)
        warehouses = None if warehouse_ids is None else set(warehouse_ids)
        for key, reason in list(pending.items()):
            product, warehouse, _company = key
            if (
                reason in SEEN_BY_PLAN
                and (products is None or product in products)
                and (warehouses is None or warehouse in warehouses)
            ):
                del pending[key]

    def _write_pending(self):
        """Before the commit (and before a savepoint, which Odoo flushes like one)."""
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        self.env.cr.execute_values(
            "INSERT INTO supply_change"
            " (product_number, warehouse_number, company_number, reason, create_date)"
            " SELECT v.*, now() AT TIME ZONE 'UTC' FROM (VALUES %s) AS v"
            " WHERE EXISTS (SELECT 1 FROM res_company WHERE supply_planning)",
            [(*key, reason) for key, reason in pending.items()],
            page_size=len(pending),
        )
        if self.env.cr.rowcount > 0:
            self._wake()

    @api.model
    def _wake(self):
        """Start the worker when this transaction is committed, once a transaction."""
        cron = self.env.ref("inventory_link.supply_planner_cron_changes", raise_if_not_found=False)
        known = self.env.cr.postcommit.data
        # a trigger made inside a savepoint may be gone again
        if cron and not self.env["ir.cron.trigger"].sudo().browse(known.get(TRIGGER)).exists():
            known[TRIGGER] = cron.sudo()._trigger().id

    # -- taking ---------------------------------------------------------------------------------

    @api.model
    def _take(self):
        """Delete all rows and return them as ``_read`` does; a crash gives them back.

        One taker at a time: rows of one transaction belong together. Whoever waited here works
        on an old snapshot, gets SQLSTATE 40001 and repeats.
        """
        self.env.flush_all()
        self._write_pending()
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        return self._fetch(
            """
            WITH taken AS (
                DELETE FROM supply_change WHERE id IN (
                    SELECT id FROM supply_change ORDER BY id FOR UPDATE SKIP LOCKED)
                RETURNING product_number, warehouse_number, company_number
            )
            SELECT DISTINCT * FROM taken
            """
        )

    @api.model
    def _read(self):
        """Rows without taking them, this transaction's own included: products, the warehouses
        (``None``: all), and companies of which everything has to be planned."""
        self.env.flush_all()
        self._write_pending()
        return self._fetch(
            "SELECT DISTINCT product_number, warehouse_number, company_number FROM supply_change"
        )

    def _fetch(self, query):
        self.env.cr.execute(query)
        rows = self.env.cr.fetchall()
        products = {product for product, _warehouse, _company in rows if product}
        places = {warehouse for product, warehouse, _company in rows if product}
        companies = {company for product, _warehouse, company in rows if not product}
        return products, None if 0 in places else places, companies
