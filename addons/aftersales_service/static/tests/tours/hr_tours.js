import { registry } from "@web/core/registry";
import { see, startCounting, tap, type, withinBudget } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** Type a name; Enter takes the first person found. */
function choosePerson(name) {
    return [
        type(".o_as_hr_name", name),
        {
            content: "Enter takes the first one",
            trigger: `.o_as_hr_found:contains(${name})`,
            run() {
                document.querySelector(".o_as_hr_name").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
            },
        },
        see(`.o_as_hr_chosen:contains(${name})`),
    ];
}

/** Praise: the button, a name and a sentence typed, the button. */
tours.add("aftersales_hr_praise", {
    steps: () => [
        see(".o_as_desk_hr"),
        startCounting(),
        tap(".o_as_praise:enabled", "praise"),
        ...choosePerson("Master Li"),
        type(".o_as_hr_text", "Repaired the lift on Sunday"),
        tap(".o_as_hr_save:enabled", "that is it"),
        see("[data-lane=decide] .o_as_hr_card:contains(Repaired the lift)"),
        withinBudget(2),
    ],
});

/** A case from a fact: take it over, choose the rule (it is chosen), open. */
tours.add("aftersales_hr_case", {
    steps: () => [
        see(".o_as_desk_hr"),
        startCounting(),
        tap("[data-fact]:contains(Wrench lost) .o_as_take:enabled", "make a case of it"),
        tap(".o_as_open_case:enabled", "under this rule"),
        see("[data-lane=hear] .o_as_hr_card:contains(Wrench lost)"),
        withinBudget(3),
    ],
});

/** The notice: one button tells the person and prints. */
tours.add("aftersales_hr_notice", {
    steps: () => [
        see(".o_as_desk_hr"),
        startCounting(),
        tap("[data-lane=tell] .o_as_do_notify:enabled", "notify and print"),
        see("[data-lane=tell] .o_as_do_serve"),
        withinBudget(1),
    ],
});

/** Sheets of a department: one button in its row. */
tours.add("aftersales_hr_sheets", {
    steps: () => [
        see(".o_as_desk_hr"),
        startCounting(),
        tap(".o_as_hr_sheets tr:contains(Workshop) .o_as_make_sheets:enabled", "make them"),
        see(".o_as_hr_sheets tr:contains(Workshop):contains(2 / 2)"),
        withinBudget(2),
    ],
});

/** The month: look at it, hand it over. */
tours.add("aftersales_hr_lock", {
    steps: () => [
        see(".o_as_desk_hr"),
        startCounting(),
        tap(".o_as_lock_batch:enabled", "look at what is handed over"),
        see(".modal .o_as_table:contains(300)"),
        tap(".o_as_confirm_lock:enabled", "hand it over"),
        see(".o_as_hr_batch .o_as_new_batch, .o_as_hr_batch .o_as_total"),
        withinBudget(2),
    ],
});

/** A leader: his people, a note, a proposal; what belongs to HR is not there. */
tours.add("aftersales_hr_leader", {
    steps: () => [
        see(".o_as_desk_hr tr[data-person]:contains(Master Li)"),
        {
            content: "nothing of HR's",
            trigger: ".o_as_desk_hr",
            run() {
                if (document.querySelector(".o_as_hr_batch, .o_as_hr_facts, .o_as_hr_sheets, .o_as_hr_blocked")) {
                    throw new Error("a leader sees HR's part of the desk");
                }
            },
        },
        startCounting(),
        tap("tr[data-person]:contains(Master Li) .o_as_note_person", "note"),
        type(".o_as_hr_text", "Place clean every evening"),
        tap(".o_as_hr_save:enabled", "noted"),
        see("tr[data-person]:contains(Master Li) .fa-sticky-note-o"),
        withinBudget(2),
        tap(".o_as_sheet:contains(Master Li)", "the sheet to sign"),
        see(".o_form_view button[name=action_compile]"),
    ],
});
