import { registry } from "@web/core/registry";

import { see, startCounting, tap, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** The parts manager: last month's statement is there; its figures are looked at part by part and submitted. */
tours.add("aftersales_manager_statement", {
    steps: () => [
        see(".o_data_row"),
        startCounting(".o_action_manager"),
        tap(".o_data_row .o_data_cell[name=line_count]", "open the statement"),
        see(".o_field_widget[name=closing_value]"),
        tap("button[name=action_submit]"),
        tap(".modal-footer .btn-primary", "the figures stand from now on"),
        see(".o_statusbar_status:has(.o_arrow_button_current:contains(Submitted))"),
        withinBudget(3, ".o_action_manager"),
        tap("button[name=action_lines]", "part by part"),
        see(".o_list_view .o_data_row:contains(Filter)"),
    ],
});

/** The accountant confirms it, from the list. */
tours.add("aftersales_accountant_confirms_statement", {
    steps: () => [
        see(".o_data_row"),
        startCounting(".o_action_manager"),
        tap(".o_data_row .o_data_cell[name=line_count]", "open the statement"),
        tap("button[name=action_confirm]"),
        see(".o_statusbar_status:has(.o_arrow_button_current:contains(Confirmed))"),
        withinBudget(2, ".o_action_manager"),
    ],
});

/** The month's in / stock / out statement as a workbook, two clicks from the close cockpit. */
tours.add("aftersales_accountant_statement", {
    steps: () => [
        see("[data-box=statement]"),
        startCounting(),
        tap("[data-box=statement] .o_as_drill"),
        tap("button[name=action_xlsx]"),
        withinBudget(2, ".o_form_view"),
        see(".o_form_view [name=check_ids], .o_form_view .nav-link:contains(Comparison)", "the comparison is there to be opened"),
    ],
});
