from odoo import api, models
from odoo.exceptions import UserError

from ...engine import picture

#: Pegs that one picture holds at most. Above it, what is farthest is left out.
MAX_PEGS = 3000
#: Steps of the walk at most: a peg that is met on several levels is several.
MAX_STEPS = 12000
#: Columns that are read of each peg besides both sides.
PEG_COLUMNS = [
    "product_id",
    "warehouse_id",
    "quantity",
    "date",
    "feasible_date",
    "driver_data",
    "tentative",
    "substitute_for_id",
]


class SupplyPeg(models.Model):
    """The peg picture: which documents hang together, as a graph."""

    _inherit = "supply.peg"

    @api.model
    @api.readonly
    def get_picture(self, model, res_id, direction="down", depth=0, warehouse_id=False):
        """What supplies a document, or whom it serves, through all levels, as a graph.

        A document that serves several needs is one node with several edges. Dates are days in the
        company's time zone. Of what the reader may not open only number, product, quantity and days
        are told; salespeople who see no plan lines get no orders of others.

        :param str model: ``sale.order``, ``sale.order.line``, ``product.product``,
            ``supply.plan.line``, ``purchase.order``, ``purchase.order.line``; with production also
            ``mrp.production``
        :param int res_id: the record to start from
        :param str direction: ``down`` what supplies it, ``up`` whom it serves, or ``both``
        :param int depth: levels to walk; 0: all
        :param int warehouse_id: of a product, the warehouse; all that the reader sees without one
        :return: ``{"title", "roots": [node id], "nodes": [{"id", "kind" (order, stock, plan,
            purchase, production, transfer, delivery, forecast, safety), "title", "party" (customer
            or vendor, where the reader may know), "product", "quantity", "unit", "date" (needed),
            "feasible" (possible), "late_days", "no_date", "reason", "state", "tentative", "held",
            "model", "res_id"}], "edges": [{"from": the need, "to": what covers it, "quantity",
            "unit", "date", "instead_of"}], "truncated": more than 3,000 pegs}``; quantities of
            nodes are in the document's unit, those of edges in the product's
        :raise UserError: the record is gone, or the model has no pegs
        :raise AccessError: the reader may not read pegs or the record
        """
        self.check_access("read")
        start = self._picture_start(model, res_id)
        graph = picture.Graph(self._picture_demands(), self._picture_supplies())
        ways = {"down": ["down"], "up": ["up"]}.get(direction, ["down", "up"])
        levels = min(depth or picture.MAX_LEVELS, picture.MAX_LEVELS)
        roots, conditions, params = self._picture_seeds(graph, start, ways, warehouse_id)
        rows = self._picture_rows(conditions, params | {"depth": levels}) if conditions else []
        chained = {name for _column, name in graph.supplies}
        for row in rows[:MAX_PEGS]:
            graph.add(row, chained)
        self._picture_hide(graph, roots)
        nodes = self._picture_cards(graph)
        return {
            "title": start.display_name,
            "roots": [key for key in roots if key in nodes],
            "nodes": list(nodes.values()),
            "edges": self._picture_edges(graph, nodes),
            "truncated": _is_cut(rows),
        }

    # -- start ----------------------------------------------------------------------------------

    def _picture_action(self, record, direction):
        """The client action that shows the picture of a record."""
        record.ensure_one()
        record.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("inventory_link.peg_picture_action")
        return action | {"params": {"of": record._name, "resId": record.id, "direction": direction}}

    @api.model
    def _picture_models(self):
        """Models to start from → the lines of a record that have pegs."""
        return {
            "sale.order": lambda record: record.order_line,
            "sale.order.line": lambda record: record,
            "product.product": lambda record: record,
            "supply.plan.line": lambda record: record,
            "purchase.order": lambda record: record.order_line,
            "purchase.order.line": lambda record: record,
        }

    def _picture_start(self, model, res_id):
        """The record to start from, which the caller may read."""
        if model not in self._picture_models():
            raise UserError(
                self.env._(
                    "There is no peg picture of this kind of record. Start from an order, a"
                    " product, a plan line or a production."
                )
            )
        record = self.env[model].browse(int(res_id)).exists()
        if not record:
            raise UserError(
                self.env._(
                    "The record that the picture starts from doesn't exist any more. Choose"
                    " another order or product."
                )
            )
        record.check_access("read")
        return record

    def _picture_seeds(self, graph, start, ways, warehouse_id):
        """Keys of the first nodes, SQL conditions of the first pegs in each direction, values."""
        if start._name == "product.product":
            return self._picture_product_seeds(graph, start, ways, warehouse_id)
        roots = self._picture_documents(self._picture_models()[start._name](start.sudo()))
        for record in roots:
            graph.node(record._name, record.id)
        keys = [f"{record._name},{record.id}" for record in roots]
        ids = {}
        for record in roots:
            ids.setdefault(record._name, []).append(record.id)
        return (keys, *self._picture_conditions(ids, ways))

    def _picture_documents(self, lines):
        """The records that carry the pegs: of a released plan line, what it became."""
        if lines._name != "supply.plan.line":
            return lines
        document = next((lines[f] for f in lines._document_fields().values() if lines[f]), lines)
        return document

    def _picture_product_seeds(self, graph, product, ways, warehouse_id):
        """A product starts from all that covers it: stock, open documents, plan lines."""
        first = "g.product_id = %(product)s"
        params = {"product": product.id}
        if warehouse_id:
            first += " AND g.warehouse_id = %(warehouse)s"
            params["warehouse"] = int(warehouse_id)
        rows = self._picture_rows({"up": first}, params | {"depth": 1})[:MAX_PEGS]
        roots = {graph.supply_of(row).key: row for row in rows}
        ids = {}
        for row in rows:
            for column, model in graph.supplies:
                if row[column]:
                    ids.setdefault(model, set()).add(row[column])
        ids = {model: list(numbers) for model, numbers in ids.items()}
        conditions, values = self._picture_conditions(ids, [way for way in ways if way == "down"])
        if "up" in ways:
            conditions["up"] = first
        else:
            self._picture_count(graph, rows)
        return list(roots), conditions, params | values

    def _picture_count(self, graph, rows):
        """What is taken from the supplies of a product whose needs aren't shown."""
        for row in rows:
            graph.supply_of(row).add(row)

    def _picture_conditions(self, ids, ways):
        """Where the walk begins for documents ``{model: ids}``; loops of one side are left out."""
        sides = {"down": self._picture_demands(), "up": self._picture_supplies()}
        conditions, params = {}, {}
        for way in ways:
            parts = []
            for column, model in sides[way]:
                if model in ids:
                    parts.append(f"g.{column} = ANY(%({column})s)")
                    params[column] = ids[model]
            if parts:
                conditions[way] = f"({' OR '.join(parts)})"
        return conditions, params

    # -- pegs -----------------------------------------------------------------------------------

    @api.model
    def _picture_demands(self):
        """Pairs (column, model) of who needs; the first that is set names the need."""
        chain = [demand for demand, _supply in self._chain_columns()]
        columns = [*chain, "sale_line_id", "forecast_id", "move_id"]
        return [(column, self._fields[column].comodel_name) for column in columns]

    @api.model
    def _picture_supplies(self):
        """Pairs (column, model) of what covers; none of them set: stock."""
        columns = [*(supply for _demand, supply in self._chain_columns()), "supply_move_id"]
        return [(column, self._fields[column].comodel_name) for column in columns]

    def _picture_rows(self, conditions, params):
        """Pegs of the walk as dicts, of the companies that the reader works in."""
        self.flush_model()
        sides = [column for column, _model in self._picture_demands() + self._picture_supplies()]
        query = picture.walk_query([*PEG_COLUMNS, *sides], self._chain_columns(), conditions)
        self.env.cr.execute(
            query,
            params
            | {
                "limit": MAX_PEGS + 1,
                "walked": MAX_STEPS,
                "companies": self.env.companies.ids,
            },
        )
        return self.env.cr.dictfetchall()

    def _picture_hide(self, graph, roots):
        """Salespeople see no order that isn't theirs, and nothing that is for such orders alone."""
        if self.env["supply.plan.line"].has_access("read"):
            return
        numbers = {node.number: key for key, node in graph.nodes.items() if _is_order(node)}
        lines = self.env["sale.order.line"].browse(numbers)
        hidden = {numbers[line.id] for line in lines - lines._filtered_access("read")}
        if hidden:
            graph.drop(hidden)
            shown = graph.below(set(numbers.values()) - hidden) | set(roots)
            graph.drop(graph.nodes.keys() - shown)

    def _picture_edges(self, graph, nodes):
        products = {edge["product_id"] for edge in graph.edges.values()}
        products |= {edge["instead_of"] for edge in graph.edges.values() if edge["instead_of"]}
        found = {
            product.id: product for product in self._picture_browse("product.product", products)
        }
        result = []
        for edge in graph.edges.values():
            if edge["from"] in nodes and edge["to"] in nodes:
                instead = found.get(edge.pop("instead_of"))
                product = found[edge.pop("product_id")]
                edge["unit"] = product.uom_id.name
                edge["instead_of"] = instead.display_name if instead else ""
                result.append(edge)
        return result

    def _picture_browse(self, model, numbers):
        """Records in the reader's language, past his rights: the caller says what is told."""
        return self.env[model].sudo().browse(sorted(numbers))


def _is_cut(rows):
    return len(rows) > MAX_PEGS or bool(rows and rows[0]["walked"] >= MAX_STEPS)


def _is_order(node):
    return node.model == "sale.order.line"
