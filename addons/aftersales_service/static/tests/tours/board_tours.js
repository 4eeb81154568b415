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

/** Hours are the workshop's, whatever the zone of the browser; two jobs of one hour stand one under the other. */
registry.category("web_tour.tours").add("aftersales_board_hours", {
    steps: () => [
        {
            content: "the bars of 14 to 15 o'clock begin at the mark of 14, below each other",
            trigger: ".o_as_lane .o_as_op[data-operation]",
            run() {
                const bars = [...document.querySelectorAll(".o_as_lane .o_as_op[data-operation]")];
                const mark = [...document.querySelectorAll(".o_as_hours span")].find((span) => span.textContent.trim() === "14");
                if (bars.length !== 2 || !mark) {
                    throw new Error(`${bars.length} bars, mark of 14: ${mark}`);
                }
                for (const bar of bars) {
                    if (Math.abs(parseFloat(bar.style.left) - parseFloat(mark.style.left)) > 0.2) {
                        throw new Error(`a bar begins at ${bar.style.left}, 14 o'clock is at ${mark.style.left}`);
                    }
                }
                const [one, other] = bars.map((bar) => bar.getBoundingClientRect()).sort((a, b) => a.top - b.top);
                if (one.bottom > other.top) {
                    throw new Error("the bars cover each other");
                }
                const lane = bars[0].closest(".o_as_lane").getBoundingClientRect();
                if (other.bottom > lane.bottom) {
                    throw new Error("a bar leaves its bay");
                }
            },
        },
    ],
});
