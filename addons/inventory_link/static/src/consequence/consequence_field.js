import { registry } from "@web/core/registry";
import { usePopover } from "@web/core/popover/popover_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useEffect, useRef } from "@odoo/owl";

const ICONS = {
    danger: "fa-exclamation-circle text-danger",
    warning: "fa-exclamation-triangle text-warning",
    success: "fa-check-circle text-success",
    info: "fa-info-circle text-info",
};

/** The consequence of a change as a list, one sentence a row. */
export class ConsequenceList extends Component {
    static template = "inventory_link.ConsequenceList";
    static props = { entries: Array, close: { type: Function, optional: true } };

    icon(entry) {
        return ICONS[entry.kind] || ICONS.info;
    }
}

/**
 * What the values typed in would do, before they are saved: a box in forms; below the row in lists,
 * where it stays while the row is edited and never takes the keyboard.
 */
export class ConsequenceField extends Component {
    static template = "inventory_link.ConsequenceField";
    static components = { ConsequenceList };
    static props = { ...standardFieldProps, inList: { type: Boolean, optional: true } };

    setup() {
        this.root = useRef("root");
        this.popover = usePopover(ConsequenceList, {
            position: "bottom-middle",
            popoverClass: "o_supply_consequence_popover",
            animation: false,
            closeOnClickAway: false,
            setActiveElement: false,
        });
        useEffect(
            () => {
                const target = this.root.el?.closest("td");
                if (!this.props.inList || !target || !this.entries.length) {
                    this.popover.close();
                } else {
                    this.popover.open(target, { entries: this.entries });
                }
            },
            () => [JSON.stringify(this.entries)]
        );
    }

    get entries() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("supply_consequence", {
    component: ConsequenceField,
    supportedTypes: ["json"],
    extractProps: ({ viewType }) => ({ inList: viewType === "list" }),
});
