import { registry } from "@web/core/registry";

import { scan, see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** Five parts by scanner: the order, each part once, the badge. Scans cost no click. */
tours.add("aftersales_parts_issue", {
    steps: () => [
        see(".o_as_item[data-order]"),
        startCounting(),
        see(".o_as_scan_input:focus", "the scan field has the focus"),
        ...["P-1", "P-2", "P-3", "P-4", "P-5"].flatMap((code) => [scan(code), see(`.o_as_result.o_as_good:contains(Part ${code})`)]),
        scan("BADGE7"),
        see(".o_as_result.o_as_good:contains(He Tao)"),
        withinBudget(0),
    ],
});

tours.add("aftersales_parts_return", {
    steps: () => [
        tap("[data-tab=back]"),
        startCounting(),
        scan("P-1"),
        see(".o_as_result.o_as_good"),
        scan("BADGE7"),
        see(".o_as_result.o_as_good:contains(Taken back)"),
        withinBudget(0),
    ],
});

tours.add("aftersales_parts_receive", {
    steps: () => [
        tap("[data-tab=arrived]"),
        startCounting(),
        scan("P-9"),
        tap(".o_as_receive.o_as_go:enabled", "confirm"),
        see(".o_as_result.o_as_good:contains(P-9)"),
        withinBudget(1),
    ],
});

tours.add("aftersales_parts_urgent", {
    steps: () => [
        tap("[data-tab=missing]"),
        startCounting(),
        tap(".o_as_urgent", "order urgently"),
        tap(".modal-footer .o_as_primary:enabled", "order"),
        see(".o_as_result.o_as_good"),
        withinBudget(2),
    ],
});

/** Two wiper blades over the counter: scan, scan, pay. */
tours.add("aftersales_parts_sell", {
    steps: () => [
        tap("[data-tab=sell]"),
        startCounting(),
        scan("P-1"),
        see(".o_as_result.o_as_good:contains(Part P-1)"),
        scan("P-1"),
        see(".o_as_result.o_as_good:contains(2)"),
        tap(".o_as_sell:enabled", "paid in cash"),
        see(".o_as_result.o_as_good .o_as_print_slip"),
        withinBudget(1),
    ],
});

/** Without a scanner: a word, the part among those it may mean, the money. */
tours.add("aftersales_parts_sell_by_words", {
    steps: () => [
        tap("[data-tab=sell]"),
        startCounting(),
        scan("part p-"),
        see(".modal .o_as_choice:contains(P-5)"),
        tap(".modal .o_as_choice:contains(P-2)", "the part"),
        see(".o_as_result.o_as_good:contains(Part P-2)"),
        tap(".o_as_sell:enabled", "paid in cash"),
        see(".o_as_result.o_as_good .o_as_print_slip"),
        withinBudget(2),
    ],
});

/** Consumables: the team, the goods, the badge. */
tours.add("aftersales_parts_consume", {
    steps: () => [
        tap("[data-tab=team]"),
        startCounting(),
        tap(".o_as_team", "the team"),
        scan("P-1"),
        see(".o_as_result.o_as_good:contains(Part P-1)"),
        scan("BADGE7"),
        see(".o_as_result.o_as_good:contains(He Tao)"),
        withinBudget(1),
    ],
});

/** One of three came damaged: counted, to Hold, on the discrepancy report. */
tours.add("aftersales_parts_differs", {
    steps: () => [
        tap("[data-tab=arrived]"),
        startCounting(),
        tap(".o_as_differs", "what came differs"),
        tap(".modal [data-quality=damaged]", "damaged"),
        { trigger: ".modal .o_as_doubtful", run: "edit 1" },
        tap(".modal-footer .o_as_primary:enabled", "accept"),
        see(".o_as_result.o_as_bad:contains(discrepancy)"),
        withinBudget(3),
    ],
});
