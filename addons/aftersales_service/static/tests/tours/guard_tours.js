import { registry } from "@web/core/registry";

import { draw, photograph, scan, see, startCounting, tap, type, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_guard_check", {
    steps: () => [
        startCounting(),
        scan("苏E10001"),
        see(".o_as_verdict.o_as_red"),
        withinBudget(0),
        tap(".o_as_btn:contains(Next car)"),
    ],
});

tours.add("aftersales_guard_exit", {
    steps: () => [
        tap("[data-key=out]"),
        startCounting(),
        tap(".o_as_item[data-visit]:first", "which car"),
        tap(".o_as_purpose:first", "what for"),
        see(".o_as_verdict.o_as_green"),
        withinBudget(2),
    ],
});

tours.add("aftersales_guard_tow_in", {
    steps: () => [
        startCounting(),
        tap("[data-key=tow]", "tow-in"),
        type(".o_as_card .o_as_plate_input", "C8M417"),
        tap(".o_as_card .o_as_plate_go:enabled", "plate"),
        tap(".o_as_photo_add", "photo"),
        photograph(),
        see(".o_as_photo:not(.o_as_photo_add)"),
        draw(),
        tap(".o_as_tow_in:enabled", "take it in"),
        see(".o_as_verdict.o_as_green"),
        withinBudget(4),
    ],
});
