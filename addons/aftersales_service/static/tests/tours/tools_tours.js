import { registry } from "@web/core/registry";

import { draw, press, scan, see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** A badge and a tool: two scans, no click. The order comes from the borrower's running clock. */
tours.add("aftersales_tools_lend", {
    steps: () => [
        see(".o_as_desk_tools"),
        startCounting(),
        see(".o_as_scan_input:focus", "the scan field has the focus"),
        scan("BADGE7"),
        see(".o_as_person:contains(He Tao)"),
        scan("T-0231"),
        see(".o_as_result.o_as_good:contains(T-0231)"),
        see("[data-loan]:contains(T-0231)"),
        withinBudget(0),
    ],
});

/** Badge and tool so fast that the first answer is not there yet: nothing is lost. */
tours.add("aftersales_tools_lend_fast", {
    steps: () => [
        see(".o_as_desk_tools"),
        scan("BADGE7"),
        scan("T-0231"),
        scan("T-0266"),
        see("[data-loan]:contains(T-0231)"),
        see("[data-loan]:contains(T-0266)"),
    ],
});

tours.add("aftersales_tools_return", {
    steps: () => [
        see(".o_as_desk_tools"),
        startCounting(),
        scan("T-0231"),
        see(".o_as_result.o_as_good:contains(He Tao)"),
        withinBudget(0),
    ],
});

/** Lend a kit: two scans; it comes back incomplete: one scan, what lacks is named. */
tours.add("aftersales_tools_kit", {
    steps: () => [
        see(".o_as_desk_tools"),
        startCounting(),
        scan("BADGE7"),
        see(".o_as_person"),
        scan("T-0266"),
        see("[data-loan]:contains(T-0266)"),
        withinBudget(0),
        scan("T-0266"),
        tap(".o_as_missing", "pieces are missing"),
        tap(".o_as_piece:contains(E14)", "this one"),
        tap(".o_as_confirm_missing:enabled", "confirm"),
        see(".o_as_result.o_as_bad"),
        withinBudget(3),
    ],
});

tours.add("aftersales_tools_damage", {
    steps: () => [
        see(".o_as_desk_tools"),
        startCounting(),
        scan("T-0231"),
        tap(".o_as_returned .o_as_damage", "it is damaged"),
        tap(".o_as_record_damage:enabled", "to repair"),
        see(".o_as_result.o_as_bad:contains(T-0231)"),
        withinBudget(2),
    ],
});

/** Who has it: one search. */
tours.add("aftersales_tools_search", {
    steps: () => [
        see(".o_as_desk_tools"),
        {
            content: "type the name",
            trigger: ".o_as_scan_input",
            run: "edit Puller",
        },
        see(".o_as_scan_option:contains(He Tao)"),
    ],
});

/** Refused with the cure beside it: the calibration is over, another one is named. */
tours.add("aftersales_tools_refused", {
    steps: () => [
        see(".o_as_desk_tools"),
        scan("BADGE7"),
        see(".o_as_person"),
        scan("T-0117"),
        see(".o_as_refused:contains(T-0118)"),
        startCounting(),
        tap(".o_as_calibrate", "send it"),
        see(".o_as_tool_card:contains(T-0117)"),
        withinBudget(1),
    ],
});

/** The shop asks for a signature: it waits until the borrower has signed. */
tours.add("aftersales_tools_sign", {
    steps: () => [
        see(".o_as_desk_tools"),
        startCounting(),
        scan("BADGE7"),
        see(".o_as_person"),
        scan("T-0231"),
        tap(".o_as_sign_pending:enabled", "sign"),
        draw(),
        tap(".o_as_sign_button:enabled", "received"),
        see("[data-loan]:contains(T-0231)"),
        withinBudget(2),
    ],
});

/** By keyboard alone: find a colleague with the arrows, lend, come to "Damaged" with Tab, and no click of a mouse. */
tours.add("aftersales_tools_keyboard", {
    steps: () => [
        see(".o_as_desk_tools"),
        startCounting(),
        { content: "type the name", trigger: ".o_as_scan_input:focus", run: "edit He Ta" },
        see(".o_as_scan_option:contains(He Tao)"),
        press("ArrowDown"),
        see(".o_as_scan_chosen:contains(He Tao)"),
        press("Enter"),
        see(".o_as_person:contains(He Tao)"),
        scan("T-0231"),
        see("[data-loan]:contains(T-0231)"),
        scan("T-0231"),
        see(".o_as_returned .o_as_damage"),
        withinBudget(0),
        {
            content: "walk there with Tab; the scan field does not take the focus back",
            trigger: ".o_as_returned .o_as_damage",
            async run() {
                const button = document.querySelector(".o_as_returned .o_as_damage");
                button.focus({ focusVisible: true });
                await new Promise((resolve) => setTimeout(resolve, 200));
                if (document.activeElement !== button) {
                    throw new Error("the focus was taken away from who walks with the keyboard");
                }
                // What a browser makes of Enter on a button.
                button.click();
            },
        },
        { content: "what is broken", trigger: ".modal input[type=text]", run: "edit Jaw" },
        tap(".o_as_record_damage:enabled", "to repair"),
        see(".o_as_result.o_as_bad:contains(T-0231)"),
        see(".o_as_scan_input:focus", "the scan field has the focus again"),
    ],
});

/** The keeper takes a tool himself: refused, a second badge, the borrower's signature; both count. */
tours.add("aftersales_tools_second", {
    steps: () => [
        see(".o_as_desk_tools"),
        startCounting(),
        scan("BADGE9"),
        see(".o_as_person:contains(Keeper Duan)"),
        scan("T-0231"),
        see(".o_as_refused"),
        scan("BADGE7"),
        tap(".o_as_sign_pending:enabled", "sign"),
        draw(),
        tap(".o_as_sign_button:enabled", "received"),
        see("[data-loan]:contains(T-0231)"),
        scan("T-0266"),
        tap(".o_as_sign_pending:enabled", "sign for the next"),
        draw(),
        tap(".o_as_sign_button:enabled", "received"),
        see("[data-loan]:contains(T-0266)"),
        withinBudget(4),
    ],
});
