import { registry } from "@web/core/registry";

import { draw, photograph, scan, see, startCounting, tap, type, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_advisor_walk_in", {
    steps: () => [
        startCounting(),
        type(".o_as_plate_input", "E7H30N"),
        tap(".o_as_plate_go:enabled", "plate"),
        see(".o_as_walk_in .o_as_plate[data-plate='苏E7H30N']"),
        type(".o_as_walk_in input[name=customer]", "沈女士"),
        type(".o_as_walk_in input[name=odometer]", "46812"),
        tap(".o_as_tile:contains(Small service)", "package"),
        tap(".o_as_photo_add", "photo"),
        photograph(),
        see(".o_as_photo_drop"),
        draw(),
        tap(".o_as_walk_in_submit:enabled", "sign"),
        see(".o_as_car .o_as_plate[data-plate='苏E7H30N']"),
        see(".o_as_car [data-job] .o_as_chip_ok"),
        withinBudget(4),
    ],
});

tours.add("aftersales_advisor_supplement", {
    steps: () => [
        startCounting(),
        see(".o_as_car [data-job]"),
        tap(".o_as_add_work", "additional work"),
        photograph(".o_as_supplement input[type=file]"),
        tap(".o_as_supplement .o_as_tile:contains(Brake fluid)", "what"),
        tap(".modal-footer .o_as_confirm:enabled", "to the customer"),
        see(".o_as_offer_sheet img"),
        withinBudget(3, ".o_as_offer_sheet"),
    ],
});

tours.add("aftersales_advisor_phone_consent", {
    steps: () => [
        startCounting(),
        tap(".o_as_phone_consent", "agreed by phone"),
        tap(".o_as_colleague:contains(Listener)", "who listened"),
        tap(".o_as_agreed:enabled", "agreed"),
        see(".o_as_car [data-job] .o_as_chip_ok"),
        withinBudget(3),
    ],
});

tours.add("aftersales_advisor_new_time", {
    steps: () => [
        startCounting(),
        tap(".o_as_new_time", "tell a new time"),
        tap(".o_as_time[data-key='120']", "two hours later"),
        see(".o_as_desk:not(:has(.modal))"),
        withinBudget(2),
    ],
});

tours.add("aftersales_advisor_to_till", {
    steps: () => [
        startCounting(),
        tap(".o_as_to_till:enabled", "hand over"),
        tap(".modal-footer .o_as_confirm", "explained"),
        see(".o_notification:contains(till)"),
        withinBudget(2),
    ],
});

tours.add("aftersales_advisor_find_car", {
    steps: () => [
        see(".o_as_scan_input:focus", "the scan field has the focus"),
        scan("苏E7H30N"),
        see(".o_as_car .o_as_plate[data-plate='苏E7H30N']"),
    ],
});

tours.add("aftersales_advisor_photo_offline", {
    steps: () => [
        see(".o_as_car .o_as_photos"),
        {
            content: "the network goes away",
            trigger: ".o_as_car",
            run() {
                const { send } = XMLHttpRequest.prototype;
                window.aftersalesOnline = () => {
                    XMLHttpRequest.prototype.send = send;
                };
                XMLHttpRequest.prototype.send = function (body) {
                    if (String(body).includes("add_photo")) {
                        return setTimeout(() => this.dispatchEvent(new Event("error")));
                    }
                    return send.call(this, body);
                };
            },
        },
        photograph(".o_as_car .o_as_photos input[type=file]"),
        photograph(".o_as_car .o_as_photos input[type=file]"),
        see(".o_as_photo_waiting:contains(network)"),
        see(".o_as_photo_waiting:eq(1)"),
        {
            content: "the network is back",
            trigger: ".o_as_car",
            run() {
                window.aftersalesOnline();
                window.dispatchEvent(new Event("online"));
            },
        },
        see(".o_as_desk:not(:has(.o_as_photo_waiting))"),
    ],
});
