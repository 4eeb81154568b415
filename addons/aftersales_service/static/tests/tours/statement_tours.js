import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

/** The month's in / stock / out statement as a workbook, two clicks from the close cockpit. */
registry.category("web_tour.tours").add("aftersales_accountant_statement", {
    steps: () => [
        see("[data-box=statement]"),
        startCounting(),
        tap("[data-box=statement] .o_as_drill"),
        tap("button[name=action_xlsx]"),
        withinBudget(2, ".o_form_view"),
        see(".o_form_view [name=check_ids], .o_form_view .nav-link:contains(Comparison)", "the comparison is there to be opened"),
    ],
});
