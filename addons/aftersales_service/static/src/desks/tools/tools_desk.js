import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { BlockerList } from "../../components/blockers/blockers";
import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { KeypadDialog } from "../../components/keypad/keypad";
import { PhotoStrip } from "../../components/photo_strip/photo_strip";
import { ScanField } from "../../components/scan_field/scan_field";
import { SignDialog } from "../../components/signature/signature";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.tools";
/** After this many seconds without a scan the counter forgets who stood there. */
const FORGET_AFTER = 90;

/** What is broken, with a picture; one button. */
export class DamageDialog extends Component {
    static template = "aftersales_service.ToolDamageDialog";
    static components = { Dialog, PhotoStrip };
    static props = { close: Function, tool: Object, onRecord: Function };

    setup() {
        this.state = useState({ note: "", photos: [], busy: false });
    }
    get title() {
        return _t("Damaged: %s", `${this.props.tool.code} ${this.props.tool.name}`);
    }
    addPhoto(url) {
        this.state.photos.push({ id: this.state.photos.length + 1, url });
    }
    removePhoto(photo) {
        this.state.photos = this.state.photos.filter((candidate) => candidate.id !== photo.id);
    }
    async record() {
        this.state.busy = true;
        try {
            await this.props.onRecord(this.state.note || _t("Damaged"), this.state.photos.map((photo) => photo.url.split(",")[1]));
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/** Which pieces lack in the box. */
export class MissingDialog extends Component {
    static template = "aftersales_service.ToolMissingDialog";
    static components = { Dialog };
    static props = { close: Function, tool: Object, onConfirm: Function };

    setup() {
        this.state = useState({ chosen: {}, busy: false });
    }
    get title() {
        return _t("What is missing in %s?", this.props.tool.name);
    }
    get ids() {
        return this.props.tool.pieces.filter((piece) => this.state.chosen[piece.id]).map((piece) => piece.id);
    }
    toggle(piece) {
        this.state.chosen[piece.id] = !this.state.chosen[piece.id];
    }
    async confirm() {
        this.state.busy = true;
        try {
            await this.props.onConfirm(this.ids);
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/**
 * The tool counter. Scan a badge, then tools: they are lent. Scan a tool that is out: it is back.
 * A refusal stays on the screen with its cure until the next scan.
 */
export class ToolsDesk extends Component {
    static template = "aftersales_service.ToolsDesk";
    static components = { BlockerList, Desk, ScanField, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.ui = useState({
            personId: false,
            order: false, // {id, name} of the order that was scanned
            pending: [], // tools that wait for the signature
            second: false, // tools that wait for a second person's badge
            secondBadge: false, // badge of the second person who stands there
            tool: false, // tool whose card is shown
            returned: false, // {tool, who, was_late} of the last return
            blocked: false, // {tool, blockers, …} of the last refusal
            last: false, // {tone, text} of the last act
        });
        this.desk = useDesk({ model: MODEL, kwargs: () => ({ person_id: this.ui.personId }) });
        this.title = _t("Tool counter");
        onWillUnmount(() => clearTimeout(this.forgetTimer));
    }

    get data() {
        return this.desk.state.data;
    }
    get person() {
        return this.ui.personId && this.data.person;
    }
    get order() {
        return this.ui.order || (this.person && this.person.order_id && { id: this.person.order_id, name: this.person.order });
    }
    get photo() {
        return `/web/image/hr.employee.public/${this.person.id}/avatar_128`;
    }
    get placeholder() {
        if (this.ui.second) {
            return _t("Scan the badge of a second person");
        }
        return this.person ? _t("Scan tools for %s", this.person.name) : _t("Scan a badge, then tools; to return, the tool alone");
    }
    say(tone, text) {
        this.ui.last = { tone, text };
    }
    /** Start anew: what the last scan left on the screen goes. */
    clearLast() {
        Object.assign(this.ui, { tool: false, returned: false, blocked: false, last: false });
    }
    forget() {
        Object.assign(this.ui, { personId: false, order: false, pending: [], second: false, secondBadge: false });
        this.clearLast();
        return this.desk.load();
    }
    wait() {
        clearTimeout(this.forgetTimer);
        this.forgetTimer = setTimeout(() => !this.ui.pending.length && this.forget(), FORGET_AFTER * 1000);
    }

    search(term) {
        return this.orm.call(MODEL, "search_quick", [term]);
    }
    async pick(item) {
        this.clearLast();
        this.wait();
        if (item.kind === "person") {
            return this.welcome(item);
        }
        this.ui.tool = item;
    }

    /** Scans come faster than answers: each waits for the one before. */
    onScan(code) {
        this.scans = (this.scans || Promise.resolve()).catch(() => {}).then(() => this.takeScan(code));
        return this.scans;
    }
    async takeScan(code) {
        this.wait();
        const result = await this.desk.run(() =>
            this.orm.call(MODEL, "scan", [code], {
                person_id: this.ui.second ? false : this.ui.personId,
                order_id: this.order ? this.order.id : false,
                second_badge: this.ui.secondBadge,
            })
        );
        if (result) {
            this.clearLast();
            await this.show(result, code);
        }
    }
    async show(result, code) {
        const next = {
            person: () => (this.ui.second ? this.lendWithSecond(code) : this.welcome(result)),
            order: () => {
                this.ui.order = { id: result.id, name: result.name };
                this.say("good", _t("For %s", result.name));
            },
            lent: () => this.lent(result.tools),
            returned: () => {
                this.ui.returned = result;
                this.say("good", result.was_late
                    ? _t("%(tool)s is back from %(who)s, late.", { tool: result.tool.code, who: result.who })
                    : _t("%(tool)s is back from %(who)s.", { tool: result.tool.code, who: result.who || _t("repair") }));
            },
            count: () => this.countBack(result),
            sign: () => {
                for (const tool of result.tools) {
                    if (!this.ui.pending.some((other) => other.id === tool.id)) {
                        this.ui.pending.push(tool);
                    }
                }
            },
            blocked: () => {
                this.ui.blocked = result;
                if (result.needs_second) {
                    this.ui.second = result.tools;
                }
            },
            tool: () => {
                this.ui.tool = result.tool;
            },
            unknown: () => this.say("bad", _t("Nothing known as “%s”.", result.name)),
        }[result.kind];
        await next();
        await this.desk.load();
    }
    async welcome(person) {
        Object.assign(this.ui, { personId: person.id, order: false, pending: [], second: false, secondBadge: false });
        await this.desk.load();
    }
    lent(tools) {
        this.ui.pending = this.ui.pending.filter((waiting) => !tools.some((tool) => tool.id === waiting.id));
        this.ui.tool = tools.length === 1 && tools[0].is_counted && tools[0].available_qty ? tools[0] : false;
        this.say("good", _t("Lent: %s", tools.map((tool) => `${tool.code} ${tool.name}`).join(", ")));
    }

    // Lending
    lend(tools, extra = {}) {
        return this.doAndShow("lend", [tools.map((tool) => tool.id), this.ui.personId], {
            order_id: this.order ? this.order.id : false,
            second_badge: this.ui.secondBadge,
            ...extra,
        });
    }
    lendWithSecond(badge) {
        const tools = this.ui.second;
        Object.assign(this.ui, { second: false, secondBadge: badge });
        return this.lend(tools);
    }
    lendMore(tool) {
        this.dialog.add(KeypadDialog, {
            title: tool.name,
            value: 1,
            max: tool.available_qty,
            decimals: false,
            label: _t("Lend"),
            onConfirm: (quantity) => this.lend([tool], { quantity }),
        });
    }
    signPending() {
        this.askSignature(_t("I have received: %s", this.ui.pending.map((tool) => `${tool.code} ${tool.name}`).join(", ")), ({ name, signature }) =>
            this.lend(this.ui.pending, { signature, signed_by: name })
        );
    }
    signLent() {
        const rows = this.person.loans.filter((loan) => !loan.is_signed);
        this.askSignature(_t("I have received: %s", rows.map((loan) => `${loan.code} ${loan.name}`).join(", ")), ({ name, signature }) =>
            this.desk.act(MODEL, "sign", [rows.map((loan) => loan.id), signature, name], {}, { done: _t("Signed.") })
        );
    }
    askSignature(statement, onSign) {
        this.dialog.add(SignDialog, { title: _t("Signature"), name: this.person.name, statement, label: _t("I have received it"), onSign });
    }

    // Coming back
    countBack(result) {
        for (const holder of result.holders.length === 1 ? result.holders : []) {
            return this.askBack(result.tool, holder);
        }
        this.ui.tool = { ...result.tool, holders: result.holders };
    }
    askBack(tool, holder) {
        this.dialog.add(KeypadDialog, {
            title: _t("%(tool)s back from %(who)s", { tool: tool.name, who: holder.name }),
            value: holder.quantity,
            max: holder.quantity,
            decimals: false,
            label: _t("Give back"),
            onConfirm: (quantity) =>
                this.doAndShow("take_back", [tool.tool_id || tool.id], { quantity, employee_id: holder.employee_id, team_id: holder.team_id }),
        });
    }
    returnLoan(loan) {
        if (loan.is_counted && loan.quantity > 1) {
            return this.askBack(loan, { name: this.person.name, ...loan });
        }
        return this.doAndShow("take_back", [loan.tool_id], { quantity: loan.quantity, employee_id: loan.employee_id, team_id: loan.team_id });
    }
    damage(tool) {
        this.dialog.add(DamageDialog, {
            tool,
            onRecord: async (note, photos) => {
                await this.doAndShow("record_damage", [tool.id, note], { photos });
                this.say("bad", _t("%s goes to repair.", `${tool.code} ${tool.name}`));
            },
        });
    }
    missing(tool) {
        this.dialog.add(MissingDialog, {
            tool,
            onConfirm: async (ids) => {
                await this.doAndShow("report_missing", [tool.id, ids]);
                this.say("bad", _t("%s came back incomplete; what lacks stands with the borrower.", tool.name));
            },
        });
    }
    async doAndShow(method, args, kwargs = {}) {
        this.wait();
        const result = await this.desk.run(() => this.orm.call(MODEL, method, args, kwargs));
        if (result) {
            this.clearLast();
            await this.show(result);
        }
        return result;
    }
    calibrate(tool) {
        return this.doAndShow("send_calibration", [tool.id]);
    }
    explain() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Not yet, because…"),
                res_model: "aftersales.gate.wizard",
                views: [[false, "form"]],
                target: "new",
                context: { default_res_model: "aftersales.tool", default_res_id: this.ui.blocked.tool.id, default_target: "lend" },
            },
            { onClose: () => this.desk.load() }
        );
    }
    openTool(id) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: "aftersales.tool", res_id: id, views: [[false, "form"]] });
    }
    openList(xmlid) {
        return this.action.doAction(`aftersales_service.${xmlid}`);
    }
    openCalibration() {
        return this.action.doAction("aftersales_service.aftersales_tool_action", { additionalContext: { search_default_calibration: 1 } });
    }
}

registry.category("actions").add("aftersales_desk_tools", ToolsDesk);
