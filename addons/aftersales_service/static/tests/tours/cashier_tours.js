import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_cashier_settle", {
    steps: () => [
        startCounting(),
        tap(".o_as_item[data-order]:first", "who pays"),
        tap(".o_as_pay_all:enabled:first", "by which means"),
        see(".o_as_result:contains(Paid)"),
        withinBudget(2),
        startCounting(),
        tap(".o_as_pass:enabled", "print the pass"),
        see("body"),
        withinBudget(1, "body"),
    ],
});

tours.add("aftersales_cashier_split", {
    steps: () => [
        startCounting(),
        tap(".o_as_item[data-order]:first", "who pays"),
        tap(".o_as_split:enabled", "several means"),
        {
            content: "type the cash part on the keyboard",
            trigger: ".modal .o_as_keypad",
            run() {
                for (const key of "100") {
                    window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                }
            },
        },
        see(".modal .o_as_keypad_value:contains(100)"),
        tap(".modal .o_as_means:eq(0):enabled", "first means"),
        tap(".modal .o_as_means:eq(1):enabled", "the rest by another"),
        see(".o_as_result:contains(Paid)"),
        withinBudget(4),
    ],
});

tours.add("aftersales_cashier_deposit", {
    steps: () => [
        startCounting(),
        tap("[data-tab=deposit]"),
        tap(".o_as_item[data-order]:first", "which order"),
        {
            content: "type the amount on the keyboard",
            trigger: ".modal .o_as_keypad",
            run() {
                for (const key of "50") {
                    window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                }
            },
        },
        tap(".modal .o_as_primary:enabled:first", "by which means"),
        see(".o_as_item .o_as_chip_ok"),
        withinBudget(3),
    ],
});

tours.add("aftersales_accountant_close", {
    steps: () => [
        startCounting(),
        tap(".o_as_box[data-box=to_post] .o_as_verb:enabled", "post all that is clean"),
        see(".o_as_chip[data-box=to_post]"),
        withinBudget(1),
    ],
});
