import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

/** Put the manufacturer's workbook into the file field, as the file chooser would. */
function chooseWorkbook() {
    return {
        content: "choose the workbook",
        trigger: ".modal .o_field_widget[name=file]",
        async run() {
            const response = await fetch("/web/content/aftersales_service.tour_list");
            const file = new File([await response.blob()], "list.xlsx");
            const transfer = new DataTransfer();
            transfer.items.add(file);
            const input = document.querySelector(".modal .o_field_widget[name=file] input[type=file]");
            input.files = transfer.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

/** A list of 200 lines: import, match and post in three clicks. */
registry.category("web_tour.tours").add("aftersales_statement_match", {
    steps: () => [
        startCounting(".o_form_view"),
        tap("button[name=action_import].btn-primary"),
        chooseWorkbook(),
        see(".modal .o_field_widget[name=file] input.o_input", "the file is there"),
        tap(".modal button[name=action_confirm]"),
        see(".o_form_view .o_field_widget[name=line_ids] .o_data_row:nth-child(20)", "the lines came in"),
        tap("button[name=action_post]:enabled"),
        withinBudget(3, ".o_form_view:has(.o_arrow_button_current[data-value=posted])"),
    ],
});

/** Short pay: open the dialog, choose who bears the rest, record it. */
registry.category("web_tour.tours").add("aftersales_short_pay", {
    steps: () => [
        startCounting(".o_form_view"),
        tap("button[name=action_resolve_rest]"),
        // The third click: the counter leaves out clicks on inputs.
        tap(".modal .o_field_widget[name=kind] input[data-value=write_off]"),
        see(".modal .o_field_widget[name=kind] input[data-value=write_off]:checked", "written off is chosen"),
        tap(".modal button[name=action_confirm]"),
        withinBudget(2, "body:not(:has(.modal)) .o_action_manager .o_form_view:not(:has(button[name=action_resolve_rest]))"),
    ],
});
