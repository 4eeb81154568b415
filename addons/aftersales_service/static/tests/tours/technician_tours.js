import { registry } from "@web/core/registry";

import { photograph, see, startCounting, tap, type, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_technician_day", {
    steps: () => [
        startCounting(),
        tap(".o_as_start:enabled", "start"),
        see(".o_as_stop_clock"),
        withinBudget(1),

        startCounting(),
        tap(".o_as_pause:first", "pause"),
        see(".o_as_start"),
        withinBudget(1),

        startCounting(),
        tap(".o_as_start:enabled", "go on"),
        see(".o_as_stop_clock"),
        withinBudget(1),

        startCounting(),
        tap(".o_as_ask_part", "ask for a part"),
        type(".modal .o_as_scan_input", "Brake disc"),
        tap(".modal .o_as_part:contains(Brake disc)", "send"),
        see(".o_notification:contains(Brake disc)"),
        withinBudget(2),

        startCounting(),
        tap(".o_as_report_extra", "extra work"),
        tap(".modal .o_as_photo_add", "photo"),
        photograph(".modal input[type=file]"),
        see(".modal .o_as_photo:not(.o_as_photo_add)"),
        type(".modal .o_as_words", "Rear shock absorber leaks"),
        tap(".modal .o_as_confirm:enabled", "to the advisor"),
        see(".o_as_desk:not(:has(.modal))"),
        withinBudget(3),

        startCounting(),
        tap(".o_as_chip_of_cause:first", "cause"),
        see(".o_as_chip_of_cause.o_as_on"),
        tap(".o_as_chip_of_correction:first", "correction"),
        see(".o_as_chip_of_correction.o_as_on"),
        withinBudget(3),

        startCounting(),
        tap(".o_as_stop_clock", "stop"),
        see(".o_as_start"),
        withinBudget(1),

        startCounting(),
        tap(".o_as_self_check:enabled", "done"),
        tap(".modal-footer .btn-primary", "all in order"),
        see(".o_as_desk .o_as_empty"),
        withinBudget(2),
    ],
});
