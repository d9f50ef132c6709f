from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_list
from odoo.tools.misc import format_date

from odoo.addons.suite_base.tools.numbers import format_number

from ...engine import readiness

CLOSED = ("done", "cancel")

#: Documents whose names readers may know, by the kind of supply.
NAMED_MODELS = {
    "purchase": "purchase.order",
    "production": "mrp.production",
    "transfer": "stock.picking",
}


class MrpProduction(models.Model):
    """Readiness: what can be made now, when the rest can, and what that waits for."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "suite.decision.mixin"]

    readiness_state = fields.Selection(
        [
            (readiness.READY, "Ready"),
            (readiness.PARTLY, "Partly"),
            (readiness.WAITING, "Waiting"),
            (readiness.NOT_ORDERED, "Nothing Ordered"),
        ],
        "Readiness",
        compute="_compute_readiness",
        search="_search_readiness_state",
        help="Ready: all components are there. Partly: a part can be made now. Waiting: what is"
        " missing is on its way. Nothing ordered: something is missing that nobody has ordered.",
    )
    kit_rate = fields.Float(
        "Kit Rate",
        compute="_compute_readiness",
        help="Share of the component lines that stock covers in full. Earlier productions take"
        " first.",
    )
    kit_percent = fields.Integer("Kit Rate (%)", compute="_compute_readiness")
    buildable_quantity = fields.Float(
        "Buildable Now",
        compute="_compute_readiness",
        digits="Product Unit",
        help="Quantity for which all components are there now.",
    )
    ready_date = fields.Date(
        "Ready On",
        compute="_compute_readiness",
        help="Day on which all components are there; empty when something isn't ordered.",
    )
    readiness_note = fields.Char("Missing", compute="_compute_readiness")
    readiness_detail = fields.Html(
        "Missing Components", compute="_compute_readiness_detail", sanitize=False
    )

    # -- computes -------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends(
        "state",
        "product_qty",
        "date_start",
        "priority",
        "move_raw_ids.product_uom_qty",
        "move_raw_ids.picked",
    )
    def _compute_readiness(self):
        """One pass over all open productions that share components with these."""
        solved = self._solve_readiness(self._open_ids())
        found = {mo: solved[mo._origin.id] for mo in self if mo._origin.id in solved}
        names = self._component_names(found.values())
        for production in self:
            mine = found.get(production)
            today = production._company_today(production.company_id)
            if mine:
                production._set_readiness(mine, today, names)
            else:
                production._set_without_components(today)

    def _set_readiness(self, mine, today, names):
        self.readiness_state = mine.state(today)
        self.kit_rate = mine.kit_rate
        self.kit_percent = round(mine.kit_rate * 100)
        self.buildable_quantity = mine.buildable
        self.ready_date = mine.ready_on(today) or False
        short = [line for line in mine.lines.values() if line.short]
        self.readiness_note = format_list(
            self.env, [self._missing_text(line, names) for line in short]
        )

    def _set_without_components(self, today):
        """Closed, or not stored yet."""
        open_ = self.state not in CLOSED
        self.readiness_state = readiness.READY if open_ else False
        self.kit_rate = 1.0 if open_ else 0.0
        self.kit_percent = 100 if open_ else 0
        self.buildable_quantity = self.product_qty if open_ else 0.0
        self.ready_date = today if open_ else False
        self.readiness_note = False

    def _missing_text(self, line, names):
        product, missing = names[line.product], format_number(self.env, line.missing)
        if line.waits:
            return self.env._(
                "%(product)s −%(quantity)s, next on %(day)s",
                product=product,
                quantity=missing,
                day=format_date(self.env, line.waits[0][0].day),
            )
        return self.env._(
            "%(product)s −%(quantity)s, nothing ordered", product=product, quantity=missing
        )

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("readiness_note")
    def _compute_readiness_detail(self):
        """The missing components as a table, in the reader's language."""
        self.readiness_detail = False
        solved = self._solve_readiness(self._open_ids())
        for production in self:
            mine = solved.get(production._origin.id)
            short = [line for line in mine.lines.values() if line.short] if mine else []
            if short:
                production.readiness_detail = production._detail_table(short)

    def _detail_table(self, lines):
        _ = self.env._
        products = self.env["product.product"].browse([line.product for line in lines])
        documents = self._supply_names([s for line in lines for s, _quantity in line.waits])
        earlier = {number for line in lines for number, _quantity in line.before}
        names = {mo.id: mo.name for mo in self.browse(sorted(earlier))._filtered_access("read")}
        rows = Markup().join(
            self._detail_row(line, product, documents, names)
            for line, product in zip(lines, products, strict=True)
        )
        head = Markup().join(
            Markup('<th class="%s">%s</th>') % ("text-end" if number else "", title)
            for title, number in (
                (_("Component"), False),
                (_("Needed"), True),
                (_("Here"), True),
                (_("Missing"), True),
                (_("Comes"), False),
                (_("Taken Before By"), False),
            )
        )
        return Markup(
            '<table class="table table-sm o_supply_readiness mb-0">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table>"
        ) % (head, rows)

    def _detail_row(self, line, product, documents, names):
        unit = product.uom_id.name
        numbers = [
            Markup('<td class="text-end text-nowrap">%s %s</td>')
            % (format_number(self.env, quantity), unit)
            for quantity in (line.needed, line.own + line.now, line.missing)
        ]
        before = [
            f"{names[number]} ({format_number(self.env, quantity)})"
            for number, quantity in line.before
            if number in names
        ]
        cells = [
            Markup("<td>%s</td>") % product.display_name,
            *numbers,
            Markup("<td>%s</td>") % self._coming_text(line, documents),
            Markup("<td>%s</td>") % format_list(self.env, before),
        ]
        return Markup("<tr>%s</tr>") % Markup().join(cells)

    def _coming_text(self, line, documents):
        parts = [
            Markup("%s: %s %s")
            % (
                format_date(self.env, supply.day),
                format_number(self.env, quantity),
                documents.get((supply.kind, supply.document), ""),
            )
            for supply, quantity in line.waits
        ]
        if line.day is None:
            parts.append(
                Markup('<span class="text-danger">%s</span>') % self.env._("Nothing ordered")
            )
        return Markup("<br/>").join(parts)

    def _supply_names(self, supplies):
        """What the reader may know of the documents that bring something: ``{(kind, id): name}``.

        Who may not read purchases is told that it is one, not which."""
        words = {
            "purchase": self.env._("purchase order"),
            "production": self.env._("production order"),
            "transfer": self.env._("receipt"),
            "plan": self.env._("approved plan line"),
        }
        result = {}
        for kind, word in words.items():
            ids = {s.document for s in supplies if s.kind == kind}
            result |= {(kind, number): word for number in ids}
            if kind in NAMED_MODELS:
                found = (
                    self.env[NAMED_MODELS[kind]]
                    .browse(sorted(ids - {None}))
                    ._filtered_access("read")
                )
                result |= {(kind, record.id): record.display_name for record in found}
        return result

    @api.model
    def _search_readiness_state(self, operator, value):
        """One pass over all open productions of the reader's companies."""
        if operator != "in":
            return NotImplemented
        # the state asks for the day only where everything comes some day
        today = self._company_today(self.env.company)
        solved = self._solve_readiness(None)
        domain = fields.Domain(
            "id", "in", [number for number, mine in solved.items() if mine.state(today) in value]
        )
        if False in value:
            domain |= fields.Domain("state", "in", CLOSED)
        return domain

    # -- business -------------------------------------------------------------------------------

    def _open_ids(self):
        return self.filtered(lambda mo: mo._origin.id and mo.state not in CLOSED)._origin.ids

    @api.model
    def _solve_readiness(self, production_ids, companies=None):
        """See :func:`readiness.solve`; all open ones of the allowed companies when ``None``. A day
        begins where the company is."""
        if production_ids is not None and not production_ids:
            return {}
        self.env.flush_all()
        if production_ids is not None:
            own = self.sudo().browse(production_ids).grouped("company_id")
        else:
            if companies is None:
                everything = self.env["res.company"].with_context(active_test=False)
                companies = everything.search([]) if self.env.su else self.env.companies
            own = dict.fromkeys(companies)
        by_day = defaultdict(list)
        for company in own:
            by_day[self._company_today(company)].append(company)
        solved = {}
        for today, group in by_day.items():
            if production_ids is None:
                scope = (None, today, [company.id for company in group])
            else:
                scope = ([number for company in group for number in own[company].ids], today)
            solved |= readiness.solve(self.env.cr, *scope)
        return solved

    @api.model
    def _company_today(self, company):
        """Today where the company is."""
        zone = company.sudo().partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    def _component_names(self, solved):
        """Names of what is missing, read at once."""
        short = {line.product for mine in solved for line in mine.lines.values() if line.short}
        products = self.env["product.product"].browse(sorted(short))
        return {product.id: product.display_name for product in products}
