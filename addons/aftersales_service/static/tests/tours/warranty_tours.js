import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** A red light in the list opens where it is mended: one click. */
tours.add("aftersales_warranty_light", {
    steps: () => [
        see(".o_as_desk_warranty"),
        startCounting(),
        tap(".o_as_claim [data-light='three_c'][data-colour='red']", "the red light"),
        see(".o_form_view .o_field_widget[name='correction']"),
        withinBudget(1, ".o_form_view"),
    ],
});

/** A checked claim is sent with two clicks. */
tours.add("aftersales_warranty_submit", {
    steps: () => [
        see(".o_as_desk_warranty"),
        startCounting(),
        tap(".o_as_claim", "the most urgent claim"),
        tap(".o_as_submit:enabled", "send it"),
        see(".o_as_tab[data-tab='waiting']:contains(1)"),
        withinBudget(2),
    ],
});

/** What blocks is explained, with the button to its cure. */
tours.add("aftersales_warranty_blocked", {
    steps: () => [
        see(".o_as_desk_warranty"),
        tap(".o_as_claim"),
        tap(".o_as_submit:enabled"),
        see(".modal:contains(WAR-44)"),
    ],
});

/** The answer came: record it from the desk. */
tours.add("aftersales_warranty_answer", {
    steps: () => [
        see(".o_as_desk_warranty"),
        tap(".o_as_tab[data-tab='waiting']"),
        tap(".o_as_claim"),
        tap(".o_as_decide:enabled"),
        see(".modal .o_field_widget[name='answer']"),
        tap(".modal button[name='action_confirm']"),
        see(".o_as_tab[data-tab='waiting']:contains(0)"),
    ],
});
