import { registry } from "@web/core/registry";

import { see } from "./tour_helpers";

registry.category("web_tour.tours").add("aftersales_board_drag", {
    steps: () => [
        see(".o_as_op_loose[data-operation]"),
        {
            content: "drag the work to a bay",
            trigger: ".o_as_bay[data-bay] .o_as_lane",
            run() {
                const work = document.querySelector(".o_as_op_loose[data-operation]");
                const lane = document.querySelector(".o_as_bay[data-bay] .o_as_lane");
                const dataTransfer = new DataTransfer();
                const box = lane.getBoundingClientRect();
                const at = { bubbles: true, cancelable: true, dataTransfer, clientX: box.left + box.width / 2, clientY: box.top + 8 };
                work.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer }));
                lane.dispatchEvent(new DragEvent("dragover", at));
                lane.dispatchEvent(new DragEvent("drop", at));
            },
        },
        see(".o_as_lane .o_as_op[data-operation]"),
        see(".o_as_desk:not(:has(.o_as_op_loose))"),
    ],
});
