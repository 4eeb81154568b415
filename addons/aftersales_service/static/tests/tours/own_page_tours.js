import { registry } from "@web/core/registry";
import { draw, see, tap, type } from "./tour_helpers";

const tours = registry.category("web_tour.tours");

/** An employee with a portal login: states his view, then signs the rules and his sheet with the thumb. */
tours.add("aftersales_own_statement", {
    steps: () => [
        see("#o_as_own [name=todo] .o_as_own_clock", "the clock runs"),
        { ...tap("#o_as_own [name=todo] .o_as_own_link:contains(State your view)"), expectUnloadPage: true },
        type("#o_as_own_record textarea[name=text]", "The bus was late."),
        { ...tap("#o_as_own_record button:contains(Hand in my statement)"), expectUnloadPage: true },
        see("#o_as_own .alert-success"),
    ],
});

tours.add("aftersales_own_rules", {
    steps: () => [
        { ...tap("#o_as_own [name=todo] .o_as_own_link:contains(Read and sign the rules)"), expectUnloadPage: true },
        see(".o_as_own_signature:has(.o_as_own_send:disabled)", "nothing is sent without a signature"),
        draw(),
        { ...tap(".o_as_own_send:enabled"), expectUnloadPage: true },
        see("#o_as_own .alert-success"),
    ],
});

tours.add("aftersales_own_sheet", {
    steps: () => [
        { ...tap("#o_as_own [name=todo] .o_as_own_link:contains(Read and sign your assessment)"), expectUnloadPage: true },
        tap(".o_as_own_signature label[for=o_as_disagreed]"),
        type(".o_as_own_signature textarea", "The rework was not mine."),
        draw(),
        { ...tap(".o_as_own_send:enabled"), expectUnloadPage: true },
        see("#o_as_own .alert-success"),
    ],
});
