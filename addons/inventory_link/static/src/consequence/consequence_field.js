import { registry } from "@web/core/registry";
import { usePopover } from "@web/core/popover/popover_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
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

/** What the values typed into a form would do, before they are saved. */
export class ConsequenceField extends Component {
    static template = "inventory_link.ConsequenceField";
    static components = { ConsequenceList };
    static props = { ...standardFieldProps };

    get entries() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("supply_consequence", {
    component: ConsequenceField,
    supportedTypes: ["json"],
});

/**
 * The same in a list, below the row that is edited. The cell is a stop of the tab key behind the
 * last value, so that one sees the consequence before the next tab saves the row.
 */
export class ConsequenceWidget extends Component {
    static template = "inventory_link.ConsequenceWidget";
    static props = { ...standardWidgetProps };

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
                if (this.root.el && this.entries.length) {
                    this.popover.open(this.root.el, { entries: this.entries });
                } else {
                    this.popover.close();
                }
            },
            () => [JSON.stringify(this.entries), this.props.record.isInEdition],
        );
    }

    get entries() {
        return this.props.record.data.consequence || [];
    }
}

registry.category("view_widgets").add("supply_consequence", {
    component: ConsequenceWidget,
    listViewWidth: 30,
});
