import { registry } from "@web/core/registry";

import { scan, see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** Two lines by scanner and keyboard: one scan and the number each, no click; the third by thumb. */
tours.add("aftersales_count_blind", {
    steps: () => [
        tap(".o_as_item[data-count]", "open the count"),
        see(".o_as_item[data-line]"),
        startCounting(),
        see(".o_as_scan_input:focus", "the scan field has the focus"),
        scan("690001"),
        see(".o_as_counting:contains(Brake pad):not(:contains(Book))", "the book is nowhere"),
        scan("8"),
        see(".o_as_result.o_as_good:contains(Brake pad)"),
        scan("OIL"),
        see(".o_as_counting:contains(Oil filter)"),
        scan("50"),
        see(".o_as_result.o_as_good:contains(Oil filter)"),
        withinBudget(0),
        scan("SHELF-B-01"),
        tap(".o_as_item:contains(Brake disc)"),
        tap(".o_as_key:contains(4)"),
        tap(".o_as_confirm:enabled"),
        see(".o_as_result.o_as_good:contains(Brake disc)"),
        tap("[data-key=finish]"),
        see(".o_as_result.o_as_good:contains(again)"),
    ],
});
