import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");
const SCREEN = ".o_action_manager";

/** The planner: a new plan, computed, one quantity changed in the list, proposed. */
tours.add("aftersales_plan_orders", {
    steps: () => [
        see(".o_list_button_add"),
        startCounting(SCREEN),
        tap(".o_list_button_add"),
        tap("button[name=action_compute]", "compute what to order"),
        see(".o_field_widget[name=line_ids] .o_data_row:contains(Filter)"),
        tap("button[name=action_propose]", "hand it to the manager"),
        see(".o_statusbar_status:has(.o_arrow_button_current:contains(To Approve))"),
        withinBudget(3, SCREEN),
    ],
});

/** The parts manager: opens what waits, orders less of it, approves; the request for quotation is there. */
tours.add("aftersales_plan_approve", {
    steps: () => [
        see(".o_data_row .o_data_cell[name=name], .o_kanban_record"),
        startCounting(SCREEN),
        tap(".o_data_row .o_data_cell[name=name]", "open the plan"),
        tap(".o_field_widget[name=line_ids] .o_data_row:contains(Filter) .o_data_cell[name=quantity]", "change the quantity"),
        { content: "ten less", trigger: ".o_field_widget[name=line_ids] .o_field_widget[name=quantity] input", run: "edit 24" },
        tap("button[name=action_approve]", "approve"),
        see(".o_last_breadcrumb_item:contains(Purchases of), .o_statusbar_status:has(.o_arrow_button_current:contains(Ordered))", "the request for quotation"),
        withinBudget(3, SCREEN),
    ],
});
