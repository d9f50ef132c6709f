import { registry } from "@web/core/registry";

/** A planner changes a line, sees what that does before it is saved, approves and releases it. */
registry.category("web_tour.tours").add("supply_planner_day", {
    steps: () => [
        {
            content: "Open the week of the vendor",
            trigger: ".o_list_view .o_group_header ~ .o_group_header .o_group_name",
            run: "click",
        },
        {
            content: "Edit the quantity",
            trigger: ".o_data_row td[name='quantity']",
            run: "click",
        },
        {
            content: "Order more than is needed",
            trigger: ".o_selected_row td[name='quantity'] input",
            run: "edit 60 && press Tab",
        },
        {
            content: "What is free then is told before saving",
            trigger: ".o_supply_consequence_popover .o_supply_consequence .text-warning",
        },
        {
            content: "Save",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "The consequence goes, the row has the result",
            trigger:
                "body:not(:has(.o_supply_consequence_popover)) .o_data_row:not(.o_selected_row)",
        },
        {
            content: "Choose the line",
            trigger: ".o_data_row .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Approve and release",
            trigger: "button[name='action_approve_and_release']",
            run: "click",
        },
        {
            content: "It is told, and nothing is left to do",
            trigger: ".o_notification",
        },
        {
            content: "The list is read again",
            trigger: "body:not(:has(.o_data_row))",
        },
    ],
});

/** Somebody in the warehouse answers the plan and looks why a shipment is locked. */
registry.category("web_tour.tours").add("warehouse_day", {
    steps: () => [
        {
            content: "What waits for an answer",
            trigger: ".o_warehouse_today button[data-section='answers']",
            run: "click",
        },
        {
            content: "Approve the line",
            trigger: ".o_today_card[data-type='line'] .o_today_approve",
            run: "click",
        },
        {
            content: "It is gone",
            trigger: ".o_warehouse_today:not(:has(.o_today_card[data-type='line']))",
        },
        {
            content: "What goes out",
            trigger: ".o_warehouse_today button[data-section='shipments']",
            run: "click",
        },
        {
            content: "Why it is locked stands on the card",
            trigger: "section[data-section='shipments'] .o_today_card .o_today_lock",
        },
        {
            content: "Open it",
            trigger: "section[data-section='shipments'] .o_today_card .o_today_open",
            run: "click",
        },
        {
            content: "The delivery is open",
            trigger:
                ".o_form_view .o_field_widget[name='picking_type_id'], .o_form_view [name='name']",
        },
    ],
});
