import { registry } from "@web/core/registry";

/** A salesperson types a quotation, reads the promise of its line, takes the day and confirms. */
registry.category("web_tour.tours").add("supply_quoting", {
    steps: () => [
        {
            content: "Type the customer",
            trigger: ".o_field_widget[name='partner_id'] input",
            run: "edit Tour customer",
        },
        {
            content: "Choose the customer",
            trigger: ".o-autocomplete--dropdown-item:contains('Tour customer'):first > a",
            run: "click",
        },
        {
            content: "Add a line",
            trigger: ".o_field_widget[name='order_line'] .o_field_x2many_list_row_add > a",
            run: "click",
        },
        {
            content: "Type the product",
            trigger:
                ".o_selected_row [name='product_template_id'] input, .o_selected_row [name='product_id'] input",
            run: "edit Tour pump",
        },
        {
            content: "Choose the product",
            trigger: ".o-autocomplete--dropdown-item:contains('Tour pump'):first > a",
            run: "click",
        },
        {
            content: "One comes from stock",
            trigger: ".o_selected_row .o_supply_promise_field:not(.text-danger) .fa-check-circle",
        },
        {
            content: "Ask for five",
            trigger: ".o_selected_row [name='product_uom_qty'] input",
            run: "edit 5 && press Tab",
        },
        {
            content: "They have to be bought",
            trigger: ".o_supply_promise_field .fa-shopping-cart",
        },
        {
            content: "Why?",
            trigger: ".o_supply_promise_field",
            run: "click",
        },
        {
            content: "In two parts",
            trigger: ".o_supply_promise_popover .o_supply_promise_parts div:nth-child(2)",
        },
        {
            content: "Ask for delivery on that day",
            trigger: "button[name='action_use_promise_date']",
            run: "click",
        },
        {
            content: "The day is taken: there is nothing to take over any more",
            trigger: "[name='promise_summary']:not(:has(button[name='action_use_promise_date']))",
        },
        {
            content: "Confirm",
            trigger: ".o_statusbar_buttons button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "It is confirmed, and still to come in time",
            trigger: ".o_statusbar_status button[data-value='sale'].o_arrow_button_current",
        },
        {
            content: "The line shows what was promised",
            trigger: ".o_data_row .o_supply_promise_field:not(.text-danger)",
        },
    ],
});
