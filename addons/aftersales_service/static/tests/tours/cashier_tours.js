import { registry } from "@web/core/registry";

import { draw, see, startCounting, tap, withinBudget } from "./tour_helpers";

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

tours.add("aftersales_cashier_refund", {
    steps: () => [
        startCounting(),
        tap(".o_as_item[data-order]:first", "whose money"),
        tap(".o_as_refund", "give back"),
        tap(".modal .o_as_reason:first", "why"),
        tap(".modal .o_as_approver:contains(Supervisor Lu):enabled", "who approves"),
        see(".o_form_view .o_field_widget[name=state]"),
        withinBudget(4, ".o_form_view"),
    ],
});

tours.add("aftersales_cashier_on_account", {
    steps: () => [
        startCounting(),
        tap(".o_as_item[data-order]:first", "who pays"),
        tap(".o_as_on_account:enabled", "on account"),
        draw(),
        tap(".modal .o_as_sign_button:enabled", "signed"),
        see(".o_as_result:contains(On account)"),
        withinBudget(3),
    ],
});

tours.add("aftersales_accountant_red_letter", {
    steps: () => [
        startCounting(".o_list_view"),
        tap(".o_data_row:first .o_data_cell[name=title]", "which fapiao"),
        tap("button[name=action_red]:enabled", "red letter"),
        { content: "its number", trigger: ".modal .o_field_widget[name=number] input", run: "edit 22222222222222222222" },
        tap(".modal button[name=action_confirm]:enabled", "record"),
        see(".o_form_view .o_field_widget[name=number]:contains(22222222222222222222)"),
        withinBudget(3, ".o_form_view"),
    ],
});
