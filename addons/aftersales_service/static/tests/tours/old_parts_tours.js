import { registry } from "@web/core/registry";

import { draw, photograph, scan, see, startCounting, tap, type, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** Tag at the counter, store by shelf and tag. */
tours.add("aftersales_old_parts_store", {
    steps: () => [
        see(".o_as_desk_old_parts"),
        startCounting(),
        scan("WP-TOUR"),
        tap(".o_as_line:contains(Water pump) .o_as_tag:enabled", "tag"),
        see(".o_as_old_part .o_as_label"),
        withinBudget(1),
        startCounting(),
        scan("OLD-TOUR"),
        see(".o_as_place:contains(OLD-TOUR)"),
        scan(() => document.querySelector("[data-part] strong").textContent),
        see(".o_as_result.o_as_good:contains(OLD-TOUR)"),
        see(".o_as_empty:contains(shelf)"),
        withinBudget(0),
    ],
});

/** A box of 30 old parts: 30 scans and two clicks. */
tours.add("aftersales_old_parts_ship", {
    steps: () => [
        see(".o_as_desk_old_parts"),
        startCounting(),
        scan("OS-TOUR"),
        see(".o_as_new_box"),
        ...Array.from({ length: 30 }, (_value, number) => [
            scan(`OP-TOUR-${number}`),
            see(`.o_as_result.o_as_good:contains(OP-TOUR-${number})`),
        ]).flat(),
        tap("[data-key=ship]:enabled", "ship"),
        see(".o_as_print_list"),
        withinBudget(2),
    ],
});

/** The customer's own part: scan, hand over, sign. */
tours.add("aftersales_old_parts_hand", {
    steps: () => [
        see(".o_as_desk_old_parts"),
        startCounting(),
        scan("OP-TOUR-CUSTOMER"),
        tap(".o_as_hand:enabled", "hand over"),
        draw(),
        tap(".modal .o_as_sign_button:enabled", "received"),
        see(".o_as_result.o_as_good:contains(OP-TOUR-CUSTOMER)"),
        withinBudget(2),
    ],
});

/** The technician tags what came off, with a photo, on his phone. */
tours.add("aftersales_old_parts_technician", {
    steps: () => [
        startCounting(),
        tap(".o_as_tag_old:enabled", "old part"),
        tap(".modal .o_as_photo_add", "photo"),
        photograph(".modal input[type=file]"),
        see(".modal .o_as_photo:not(.o_as_photo_add)"),
        type(".modal .o_as_serial", "OLD-77"),
        tap(".modal .o_as_confirm_tag:enabled", "tag"),
        see(".o_notification:contains(keeper)"),
        see(".o_as_desk:not(:has(.o_as_tag_old))"),
        withinBudget(3),
    ],
});
