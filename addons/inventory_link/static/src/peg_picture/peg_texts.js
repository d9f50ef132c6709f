import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const ICONS = {
    order: "fa-shopping-cart",
    stock: "fa-cubes",
    plan: "fa-lightbulb-o",
    purchase: "fa-credit-card",
    production: "fa-wrench",
    transfer: "fa-truck",
    delivery: "fa-truck",
    forecast: "fa-line-chart",
    safety: "fa-shield",
};

/** What cards and rows say, in the reader's language; each day is formatted once. */
export class PegTexts {
    constructor() {
        this.dates = new Map();
    }

    day(value) {
        if (value && !this.dates.has(value)) {
            this.dates.set(value, formatDate(deserializeDate(value)));
        }
        return value ? this.dates.get(value) : "";
    }

    number(value) {
        return formatFloat(value, { digits: [16, 4], trailingZeros: false });
    }

    quantity(value, unit) {
        return `${this.number(value)} ${unit}`;
    }

    icon(node) {
        return ICONS[node.kind];
    }

    kindText(node) {
        return {
            order: _t("Sales Order"),
            stock: _t("Stock"),
            plan: _t("Plan Line"),
            purchase: _t("Purchase Order"),
            production: _t("Production Order"),
            transfer: _t("Open Receipt"),
            delivery: _t("Other Need"),
            forecast: _t("Forecast"),
            safety: _t("Safety Stock"),
        }[node.kind];
    }

    lateText(node) {
        return node.no_date ? _t("No date") : _t("%(days)s days late", { days: node.late_days });
    }

    lateShort(node) {
        return node.no_date ? _t("No date") : _t("+%(days)s d", { days: node.late_days });
    }

    /** Class of the line at a card's side. */
    tone(node) {
        if (node.held) {
            return "border-warning";
        }
        if (node.late) {
            return "border-danger";
        }
        return node.tentative ? "" : "border-success";
    }

    tip(node) {
        return JSON.stringify({
            kind: this.kindText(node),
            title: node.title,
            party: node.party,
            product: node.product,
            quantity: this.quantity(node.quantity, node.unit),
            needed: this.day(node.date),
            possible: node.no_date ? _t("No date") : this.day(node.feasible),
            state: node.state,
            notes: [
                node.late && this.lateText(node),
                node.late && node.reason,
                node.held && _t("On hold"),
                node.tentative && _t("Tentative: for an order that isn't confirmed."),
            ].filter(Boolean),
        });
    }

    label(node) {
        return [
            this.kindText(node),
            node.title,
            node.product,
            this.quantity(node.quantity, node.unit),
            this.day(node.date),
            node.late ? this.lateText(node) : "",
        ]
            .filter(Boolean)
            .join(", ");
    }

    toggleText(toggle) {
        return toggle.open ? _t("Close") : _t("Open %(count)s more", { count: toggle.count });
    }
}
