import { registry } from "@web/core/registry";

/** A production user opens what can start, sees what it is for, and starts the first one. */
registry.category("web_tour.tours").add("production_floor_start", {
    steps: () => [
        {
            content: "The list has the one production that can start, ready in full",
            trigger: ".o_list_view .o_data_row:only-child .o_progressbar",
        },
        {
            content: "Start it",
            trigger: ".o_data_row button[name='action_floor_start']",
            run: "click",
        },
        {
            content: "Its form is open, in progress",
            trigger:
                ".o_form_view .o_statusbar_status button[data-value='progress'].o_arrow_button_current",
        },
    ],
});

/** On the tablet: the cards, and one tap. */
registry.category("web_tour.tours").add("production_floor_start_kanban", {
    steps: () => [
        {
            content: "Show the cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "Start it",
            trigger: ".o_kanban_record button[name='action_floor_start']",
            run: "click",
        },
        {
            content: "Its form is open, in progress",
            trigger:
                ".o_form_view .o_statusbar_status button[data-value='progress'].o_arrow_button_current",
        },
    ],
});

/** What waits for parts says so, and opening it shows the missing components as a table. */
registry.category("web_tour.tours").add("production_floor_waiting", {
    steps: () => [
        {
            content: "Open the production that waits",
            trigger: ".o_list_view .o_data_row:only-child .o_data_cell[name='name']",
            run: "click",
        },
        {
            content: "The missing component stands in the table",
            trigger: ".o_form_view .o_supply_readiness tbody tr:only-child",
        },
    ],
});
