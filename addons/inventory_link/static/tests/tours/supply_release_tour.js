import { registry } from "@web/core/registry";

/** A planner releases 25 lines from the list, watches the bar to its end and closes it. */
registry.category("web_tour.tours").add("supply_release_progress", {
    steps: () => [
        {
            content: "Choose all lines",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Release them",
            trigger: "button[name='action_start_release']",
            run: "click",
        },
        {
            content: "All are released",
            trigger: ".modal .o_supply_release p:contains('25 of 25 released')",
        },
        {
            content: "The bar is full",
            trigger: ".modal .o_supply_release .progress[aria-valuenow='100']",
        },
        {
            content: "Close",
            trigger: ".modal .o_supply_release_close",
            run: "click",
        },
        {
            content: "The list is read again: nothing is left to do",
            trigger: "body:not(:has(.modal)) .o_view_nocontent",
        },
    ],
});
