import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { StatusChip } from "../../components/status_chip/status_chip";
import { CaseDialog, HandOverDialog, WordDialog } from "./hr_dialogs";

const MODEL = "aftersales.desk.hr";

/** *This month*: to hear, to decide, to tell, in review; facts, sheets and the payroll. Leaders see their own people. */
export class HrDesk extends Component {
    static template = "aftersales_service.HrDesk";
    static components = { Desk, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.ui = useState({ lane: false });
        this.desk = useDesk({ model: MODEL, interval: 120 });
        this.verbLabels = {
            investigate: _t("Record the findings"),
            decide: _t("Decide"),
            approve: _t("Approve"),
            notify: _t("Notify and print"),
            serve: _t("Serve with a witness"),
            answer: _t("Answer"),
        };
    }
    get data() {
        return this.desk.state.data;
    }
    get title() {
        return _t("This month");
    }
    get leads() {
        return this.data.mode === "leader";
    }
    get rewards() {
        return this.data.rules.filter((rule) => rule.kind === "reward");
    }
    get penalties() {
        return this.data.rules.filter((rule) => rule.kind === "penalty");
    }
    /** On a phone one lane at a time: the chosen one, else the first with something in it. */
    get currentLane() {
        return this.ui.lane || (this.data.lanes.find((lane) => lane.cards.length) || this.data.lanes[0]).code;
    }
    money(amount) {
        return formatCurrency(amount || 0, this.data.currency_id);
    }
    avatar(id) {
        return `/web/image/hr.employee.public/${id}/avatar_128`;
    }
    say(text) {
        this.notification.add(text, { type: "success" });
    }

    // Words about people
    words(title, label, choices, choiceLabel, onSave, extra = {}) {
        this.dialog.add(WordDialog, {
            title,
            label,
            choices,
            choiceLabel,
            search: (term) => this.orm.silent.call(MODEL, "search_people", [term]),
            onSave: (result) => this.desk.run(() => onSave(result)).then(() => this.desk.load()),
            ...extra,
        });
    }
    praise(person = false) {
        this.words(_t("Praise"), _t("Praise"), this.ruleChoices(this.rewards), _t("For what"), async (result) => {
            const { told, name } = await this.orm.call(MODEL, "praise", [result.personId, result.choice, result.text], { photos: result.photos });
            this.say(told ? _t("%s: told.", name) : _t("%s waits for the manager's decision.", name));
        }, { person });
    }
    propose(person = false) {
        this.words(_t("Propose a penalty"), _t("Propose a penalty"), this.ruleChoices(this.penalties), _t("Rule"), async (result) => {
            const { name } = await this.orm.call(MODEL, "propose", [result.personId, result.choice, result.text], { photos: result.photos });
            this.say(_t("%s is proposed; others look into it and decide.", name));
        }, { person });
    }
    note(person = false) {
        this.words(_t("Spot note"), _t("Write it down"), this.data.criteria, _t("Criterion"), async (result) => {
            await this.orm.call(MODEL, "note", [result.personId, result.choice, result.text], { is_good: result.good, photos: result.photos });
            this.say(_t("Noted for the sheet of this month."));
        }, { person, asksGood: true });
    }
    ruleChoices(rules) {
        return rules.map((rule) => ({ id: rule.id, name: `${rule.code} ${rule.name}` }));
    }

    // Cases
    /** Take the step; the desk shows it at once, a print takes its time. */
    step(card) {
        return this.desk.run(async () => {
            const action = await this.orm.call(MODEL, "step", [card.id, card.verb]);
            const opened = action && action.type ? this.action.doAction(action, { onClose: () => this.desk.load() }) : null;
            await this.desk.load();
            await opened;
        });
    }
    openRecord(id) {
        return this.openForm("aftersales.conduct.record", id);
    }
    openForm(model, id) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }
    openList(xmlid) {
        return this.action.doAction(`aftersales_service.${xmlid}`);
    }
    openHolds(name, holds) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "aftersales.conduct.record",
            views: [[false, "list"], [false, "form"]],
            domain: [["hold", "in", holds]],
        });
    }
    openBlocked() {
        return this.action.doAction("aftersales_service.aftersales_conduct_analysis_action_blocked");
    }

    // Facts
    takeFact(fact) {
        this.dialog.add(CaseDialog, {
            fact,
            rules: this.penalties,
            onOpen: (rule) => this.desk.act(MODEL, "take_fact", [fact.id], { rule_id: rule }, { done: _t("The case is open: record the findings.") }),
        });
    }
    toSheet(fact, training = false) {
        return this.desk.act(MODEL, "fact_to_sheet", [fact.id], { needs_training: training }, { done: _t("It stands on the sheet.") });
    }
    dismiss(fact) {
        return this.desk.act(MODEL, "dismiss_fact", [fact.id], {}, { done: _t("Put aside.") });
    }
    readAttendance() {
        return this.desk.run(async () => {
            const count = await this.orm.call(MODEL, "read_attendance", []);
            this.say(_t("%s people noticed.", count));
            await this.desk.load();
        });
    }

    // Month
    makeSheets(department) {
        return this.desk.run(async () => {
            const count = await this.orm.call(MODEL, "make_sheets", [department.id, this.data.sheets.month]);
            this.say(_t("%(count)s sheets made for %(department)s.", { count, department: department.name }));
            await this.desk.load();
        });
    }
    openStage(stage) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: stage.name,
            res_model: "aftersales.assessment",
            views: [[false, "list"], [false, "kanban"], [false, "form"]],
            domain: [["state", "=", stage.code], ["month", "=", `${this.data.sheets.month}-01`]],
        });
    }
    newBatch() {
        return this.desk.act(MODEL, "new_batch", [this.data.batch.month], {}, { done: _t("Collected what is in effect.") });
    }
    showBatch() {
        return this.desk.act(MODEL, "show_batch", [this.data.batch.id], {}, { done: _t("The employees see it now.") });
    }
    lockBatch() {
        this.dialog.add(HandOverDialog, {
            batch: this.data.batch,
            blocked: this.data.blocked,
            money: (amount) => this.money(amount),
            onConfirm: () => this.desk.act(MODEL, "lock_batch", [this.data.batch.id], {}, { done: _t("Handed over.") }),
        });
    }
    openBatch() {
        return this.openForm("aftersales.payroll.batch", this.data.batch.id);
    }
}

registry.category("actions").add("aftersales_desk_hr", HrDesk);
