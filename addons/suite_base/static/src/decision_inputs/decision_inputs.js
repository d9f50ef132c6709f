import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * The values that a decision was made from: record, field and value a line. A record that the
 * reader may open is a link; a value that he may not see is marked as protected.
 */
export class DecisionInputs extends Component {
    static template = "suite_base.DecisionInputs";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    /** Lines grouped by record, in the order in which the records are first mentioned. */
    get groups() {
        const groups = new Map();
        for (const line of this.props.record.data[this.props.name] || []) {
            const key = `${line.model}:${line.id}`;
            if (!groups.has(key)) {
                groups.set(key, { ...line, key, lines: [] });
            }
            groups.get(key).lines.push(line);
        }
        return [...groups.values()];
    }

    open(group) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: group.model,
            res_id: group.id,
            views: [[false, "form"]],
            target: "current",
        });
    }
}

export const decisionInputs = {
    component: DecisionInputs,
    supportedTypes: ["json"],
};

registry.category("fields").add("suite_decision_inputs", decisionInputs);
