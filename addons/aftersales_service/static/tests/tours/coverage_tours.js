import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

// The same complaint: one tap says so and who pays; the question is gone, the job is marked.
tours.add("aftersales_advisor_comeback", {
    steps: () => [
        startCounting(),
        see(".o_as_comebacks [data-former]"),
        tap(".o_as_triage_same:enabled", "the same complaint, we pay"),
        see(".o_as_car:not(:has(.o_as_comebacks)) [data-job] .o_as_coverage .o_as_chip_late"),
        withinBudget(1),
    ],
});

// In warranty: the reason stands at the job, one tap gives it to the manufacturer.
tours.add("aftersales_advisor_coverage", {
    steps: () => [
        startCounting(),
        see("[data-job] .o_as_coverage .o_as_chip_ok"),
        tap("[data-job] .o_as_apply_coverage:enabled", "payer by coverage"),
        see("[data-job]:not(:has(.o_as_apply_coverage)) .o_as_coverage"),
        withinBudget(1),
        tap("[data-job] .o_as_ask_appraisal", "ask the warranty clerk"),
        see(".modal .o_form_view [name=question]"),
    ],
});
