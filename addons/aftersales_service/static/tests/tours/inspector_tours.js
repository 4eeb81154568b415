import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_inspector_pass", {
    steps: () => [
        startCounting(),
        tap(".o_as_item[data-order]:first", "which car"),
        tap(".o_as_pass:enabled", "passed"),
        see(".o_as_item .o_as_chip_ok"),
        withinBudget(2),
    ],
});

tours.add("aftersales_inspector_fail", {
    steps: () => [
        startCounting(),
        tap(".o_as_item[data-order]:first", "which car"),
        tap(".o_as_fail:enabled", "not in order"),
        tap(".modal .o_as_reason:first", "what is wrong"),
        tap(".modal .o_as_confirm:enabled", "back to the workshop"),
        see(".o_as_desk:not(:has(.modal))"),
        withinBudget(4),
    ],
});

tours.add("aftersales_inspector_fail_person", {
    steps: () => [
        startCounting(),
        tap(".o_as_item[data-order]:first", "which car"),
        tap(".o_as_fail:enabled", "not in order"),
        tap(".modal .o_as_reason:first", "what is wrong"),
        tap(".modal .o_as_person:contains(Zhao):enabled", "whose work"),
        see(".o_as_desk:not(:has(.modal))"),
        withinBudget(4),
    ],
});

tours.add("aftersales_inspector_certificate", {
    steps: () => [
        tap(".o_as_item[data-order]:first", "which car"),
        see(".o_as_card[data-order]"),
        startCounting(),
        tap("button:contains(Certificate):enabled", "the certificate"),
        see(".o_as_card[data-order]"),
        withinBudget(1),
    ],
});
