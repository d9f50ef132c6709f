import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";

/** The peg picture as a table: a tree by indentation, rows of one parent sorted by any column. */
export class PegTable extends Component {
    static template = "inventory_link.PegTable";
    static props = {
        graph: Object,
        texts: Object,
        onlyLate: Boolean,
        drawn: Number,
        toggle: Function,
        open: Function,
    };

    setup() {
        this.notification = useService("notification");
        this.state = useState({ sort: null });
    }

    get rows() {
        return this.props.graph.rows(this.props.onlyLate, this.compare());
    }

    get columns() {
        return [
            { name: "title", label: _t("Document"), value: ({ node }) => node.title },
            { name: "party", label: _t("Customer or Vendor"), value: ({ node }) => node.party },
            { name: "product", label: _t("Product"), value: ({ node }) => node.product },
            {
                name: "quantity",
                label: _t("Quantity"),
                end: true,
                value: ({ node, link }) => (link ? link.quantity : node.quantity),
                text: ({ node, link }) =>
                    link
                        ? this.props.texts.quantity(link.quantity, link.unit)
                        : this.props.texts.quantity(node.quantity, node.unit),
            },
            {
                name: "whole",
                label: _t("In Total"),
                end: true,
                value: ({ node }) => node.quantity,
                text: ({ node, link }) =>
                    link && link.quantity !== node.quantity
                        ? this.props.texts.quantity(node.quantity, node.unit)
                        : "",
            },
            {
                name: "date",
                label: _t("Needed"),
                value: ({ node }) => node.date || "",
                text: ({ node }) => this.props.texts.day(node.date),
            },
            {
                name: "feasible",
                label: _t("Possible"),
                value: ({ node }) => node.feasible || "",
                text: ({ node }) =>
                    node.no_date ? _t("No date") : this.props.texts.day(node.feasible),
            },
            {
                name: "late",
                label: _t("Days Late"),
                end: true,
                value: ({ node }) => node.late_days,
                text: ({ node }) => (node.late_days ? this.props.texts.number(node.late_days) : ""),
            },
            { name: "state", label: _t("Status"), value: ({ node }) => node.state },
        ];
    }

    text(column, row) {
        return (column.text || column.value)(row);
    }

    sortBy(name) {
        const { sort } = this.state;
        if (sort?.name !== name) {
            this.state.sort = { name, down: false };
        } else {
            this.state.sort = sort.down ? null : { name, down: true };
        }
    }

    sortIcon(column) {
        const { sort } = this.state;
        if (sort?.name !== column.name) {
            return "";
        }
        return sort.down ? "fa-angle-down" : "fa-angle-up";
    }

    ariaSort(column) {
        const { sort } = this.state;
        if (sort?.name !== column.name) {
            return "none";
        }
        return sort.down ? "descending" : "ascending";
    }

    /** Rows of one parent by the chosen column. */
    compare() {
        const { sort } = this.state;
        if (!sort) {
            return null;
        }
        const { value } = this.columns.find((column) => column.name === sort.name);
        const sign = sort.down ? -1 : 1;
        return (a, b) => {
            const [x, y] = [value(a), value(b)];
            return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
        };
    }

    /** The shown rows for a spreadsheet. */
    async copy() {
        const lines = [this.columns.map((column) => column.label)];
        for (const row of this.rows) {
            const texts = this.columns.map((column) => this.text(column, row));
            texts[0] = "    ".repeat(row.level) + texts[0];
            lines.push(texts);
        }
        const text = lines.map((texts) => texts.join("\t")).join("\n");
        await browser.navigator.clipboard.writeText(text);
        this.notification.add(_t("%(count)s rows copied", { count: this.rows.length }), {
            type: "success",
        });
    }
}
