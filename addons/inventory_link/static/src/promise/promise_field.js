import { Component } from "@odoo/owl";
import { deserializeDate, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const CAUSES = {
    stock: { icon: "fa-check-circle", title: _t("From stock") },
    way: { icon: "fa-truck", title: _t("On the way") },
    make: { icon: "fa-cogs", title: _t("To be produced") },
    buy: { icon: "fa-shopping-cart", title: _t("To be purchased") },
    rules: { icon: "fa-clock-o", title: _t("Not planned") },
    none: { icon: "fa-exclamation-triangle", title: _t("No date") },
};

function shown(day) {
    return day ? formatDate(deserializeDate(day)) : "";
}

/** Why the line comes then, in which parts, and what would bring it forward. */
export class PromisePopover extends Component {
    static template = "inventory_link.PromisePopover";
    static props = { record: Object, name: String, close: { type: Function, optional: true } };

    get promise() {
        return this.props.record.data[this.props.name];
    }

    get parts() {
        const splits = this.promise.splits;
        return splits.length > 1 ? splits : [];
    }

    get told() {
        const told = this.props.record.data.promise_told_date;
        return told ? formatDate(told) : "";
    }

    get reservedUntil() {
        const { reserved_quantity: quantity, reserved_until: until } = this.props.record.data;
        return quantity && until ? formatDateTime(until, { showSeconds: false }) : "";
    }

    get reservedQuantity() {
        return this.formatQuantity(this.props.record.data.reserved_quantity);
    }

    formatQuantity(quantity) {
        return formatFloat(quantity, { trailingZeros: false });
    }

    formatDay(day) {
        return shown(day);
    }
}

/** The promise date of an order line: its day, red when it is late, with the reason on a click. */
export class PromiseField extends Component {
    static template = "inventory_link.PromiseField";
    static props = { ...standardFieldProps };

    setup() {
        this.popover = usePopover(PromisePopover, {
            position: "left",
            popoverClass: "o_supply_promise_popover",
        });
    }

    get promise() {
        return this.props.record.data[this.props.name];
    }

    get cause() {
        return CAUSES[this.promise.cause] || CAUSES.rules;
    }

    get isLate() {
        const { date, late_days: late, slip } = this.promise;
        return !date || late > 0 || slip > 0;
    }

    get text() {
        return shown(this.promise.date) || _t("No date");
    }

    open(ev) {
        if (this.popover.isOpen) {
            this.popover.close();
        } else {
            this.popover.open(ev.currentTarget, {
                record: this.props.record,
                name: this.props.name,
            });
        }
    }
}

export const promiseField = {
    component: PromiseField,
    displayName: _t("Promise Date"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "promise_told_date", type: "date" },
        { name: "reserved_quantity", type: "float" },
        { name: "reserved_until", type: "datetime" },
    ],
};

registry.category("fields").add("supply_promise", promiseField);
