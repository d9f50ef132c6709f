import { registry } from "@web/core/registry";

const count = (selector, number) => () => {
    const found = document.querySelectorAll(selector).length;
    if (found !== number) {
        throw new Error(`${found} of ${selector} instead of ${number}`);
    }
};

/** From an order of B01: 8 cards; close and open, by mouse and keyboard; table; a document. */
registry.category("web_tour.tours").add("peg_picture", {
    steps: () => [
        {
            content: "Open the picture of the order",
            trigger: ".oe_stat_button[name='action_open_picture']",
            run: "click",
        },
        {
            content: "All cards are there",
            trigger: ".o_peg_card_root[data-kind='order']",
            run: count(".o_peg_card", 8),
        },
        {
            content: "Close what the order is made of",
            trigger: ".o_peg_card_root .o_peg_toggle_down",
            run: "click",
        },
        {
            content: "The order stands alone",
            trigger: ".o_peg_canvas:not(:has(.o_peg_card[data-kind='plan'])) .o_peg_card_root",
            run: count(".o_peg_card", 1),
        },
        {
            content: "Open it by the space bar",
            trigger: ".o_peg_card_root",
            run: "press Space",
        },
        {
            content: "All cards are back",
            trigger: ".o_peg_card[data-kind='plan']",
            run: count(".o_peg_card", 8),
        },
        {
            content: "Show the table",
            trigger: ".o_peg_show_table",
            run: "click",
        },
        {
            content: "A row for each card",
            trigger: ".o_peg_row[data-kind='stock']",
            run: count(".o_peg_row", 8),
        },
        {
            content: "Sort by product",
            trigger: ".o_peg_table th:nth-child(3)",
            run: "click",
        },
        {
            content: "It is sorted",
            trigger: ".o_peg_table th[aria-sort='ascending']",
        },
        {
            content: "Back to the flow",
            trigger: ".o_peg_show_flow",
            run: "click",
        },
        {
            content: "Nothing is late",
            trigger: ".o_peg_card_root",
        },
        {
            content: "Only what is late",
            trigger: ".o_peg_only_late",
            run: "click",
        },
        {
            content: "The screen says so",
            trigger: ".o_peg_picture .o_view_nocontent",
        },
        {
            content: "Everything again",
            trigger: ".o_peg_only_late",
            run: "click",
        },
        {
            content: "Open the plan line",
            trigger: ".o_peg_card[data-kind='plan']",
            run: "click",
        },
        {
            content: "It is a document",
            trigger: ".o_form_view .o_field_widget[name='product_id']",
        },
        {
            content: "Back by the breadcrumb",
            trigger: ".o_back_button, .breadcrumb-item:last-of-type a",
            run: "click",
        },
        {
            content: "The picture is as it was",
            trigger: ".o_peg_card_root[data-kind='order']",
            run: count(".o_peg_card", 8),
        },
    ],
});

/** From raw material, by its address: up to the customer, then down, where nothing is. */
registry.category("web_tour.tours").add("peg_picture_up", {
    steps: () => [
        {
            content: "The order that the material is for",
            trigger: ".o_peg_card[data-kind='order']",
            run: count(".o_peg_card_root", 2),
        },
        {
            content: "Down to material",
            trigger: ".o_peg_direction_down",
            run: "click",
        },
        {
            content: "Only the material itself",
            trigger: ".o_peg_canvas:not(:has(.o_peg_card[data-kind='order'])) .o_peg_card_root",
            run: count(".o_peg_card", 2),
        },
    ],
});
