import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { BlockerList } from "../../components/blockers/blockers";
import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { MinutesLeft } from "../../components/minutes_left/minutes_left";
import { PhotoStrip } from "../../components/photo_strip/photo_strip";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { ScanField } from "../../components/scan_field/scan_field";
import { StatusChip } from "../../components/status_chip/status_chip";
import { TagOldPartDialog } from "../old_parts/tag_dialog";

const MODEL = "aftersales.desk.technician";

/** Ask for a part: type or scan, tap what was found; the tap sends it. */
export class AskPartDialog extends Component {
    static template = "aftersales_service.AskPartDialog";
    static components = { Dialog, ScanField, StatusChip };
    static props = { close: Function, search: Function, lines: Array, onAsk: Function };

    setup() {
        this.state = useState({ items: [], term: "", busy: false });
    }
    async find(term) {
        this.state.term = term;
        this.state.items = await this.props.search(term);
        if (this.state.items.length === 1 && this.state.items[0].exact) {
            await this.ask(this.state.items[0]);
        }
        return [];
    }
    async ask(item) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        this.props.close();
        await this.props.onAsk(item);
    }
}

/** Extra work found under the car: photo, what it is, to the advisor. */
export class ReportExtraDialog extends Component {
    static template = "aftersales_service.ReportExtraDialog";
    static components = { Dialog, PhotoStrip };
    static props = { close: Function, onReport: Function, suggestions: Array };

    setup() {
        this.state = useState({ photos: [], text: "", chip: false, safety: false, busy: false });
    }
    addPhoto(url) {
        this.state.photos.push({ id: this.state.photos.length + 1, url });
    }
    get text() {
        return [this.state.chip, this.state.text.trim()].filter(Boolean).join(": ");
    }
    async report() {
        this.state.busy = true;
        this.props.close();
        await this.props.onReport(this.text, this.state.photos[0]?.url.split(",")[1] || false, this.state.safety);
    }
}

/** *My next job*: one card, one big button. Made for a phone in one hand. */
export class TechnicianDesk extends Component {
    static template = "aftersales_service.TechnicianDesk";
    static components = { BlockerList, Desk, MinutesLeft, PhotoStrip, PlateBadge, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.dialog = useService("dialog");
        this.ui = useState({ operationId: false, tick: 0 });
        this.desk = useDesk({ model: MODEL, method: "get_technician_desk", interval: 30 });
        const timer = setInterval(() => this.ui.tick++, 15000);
        onWillUnmount(() => clearInterval(timer));
        this.title = _t("My next job");
        this.causeLabel = _t("Cause");
        this.correctionLabel = _t("Correction");
        this.recordLabel = _t("Work record");
    }

    get data() {
        return this.desk.state.data;
    }
    /** The card on top: the running clock, what was tapped, else the first of the list. */
    get job() {
        const { cards, running } = this.data;
        const wanted = running || this.ui.operationId;
        return cards.find((card) => card.id === wanted) || cards[0] || false;
    }
    get next() {
        return this.data.cards.filter((card) => card !== this.job);
    }
    can(verb) {
        return this.job.verbs.includes(verb);
    }
    get parts() {
        return this.job.lines.filter((line) => line.kind === "part");
    }
    partsLabel(line) {
        if (line.parts_state === "issued" && line.issued < line.asked) {
            return _t("%(issued)s of %(asked)s issued", { issued: line.issued, asked: line.asked });
        }
        return line.parts_text || "";
    }
    partsTone(line) {
        return { issued: "ok", reserved: "info", missing: "late" }[line.parts_state] || "mute";
    }
    /** Ask for a part of the order, or press for it; the answer stands on the line and in the message. */
    async askLine(line) {
        const answer = await this.desk.act(MODEL, "ask_line", [this.job.id, line.id], { urgent: line.parts_state === "missing" });
        if (answer && answer.parts_text) {
            this.notification.add(`${line.name}: ${answer.parts_text}`, { type: answer.parts_state === "missing" ? "warning" : "success" });
        }
    }
    /** What came off the car gets its number here; it is written on the part, the keeper prints the label. */
    tagOldPart(line) {
        const operationId = this.job.id;
        this.dialog.add(TagOldPartDialog, {
            line,
            onTag: async (values) => {
                const tag = await this.desk.act(MODEL, "tag_old_part", [operationId, line.id], values);
                if (tag) {
                    this.notification.add(_t("Write %(tag)s on the old part and bring it to the keeper.", { tag: tag.name }), { type: "success", sticky: true });
                }
            },
        });
    }
    toolLabel(tool) {
        return {
            here: _t("At the car"),
            reserved: _t("Reserved"),
            missing: _t("Not there"),
            free: _t("%s free", tool.free),
        }[tool.state];
    }
    toolTone(tool) {
        return { here: "ok", reserved: "ok", missing: "late", free: "mute" }[tool.state];
    }
    get canReserve() {
        return this.job.tools.some((tool) => tool.state === "free") && this.job.tools.every((tool) => tool.state !== "missing");
    }
    reserveTools() {
        return this.desk.act(MODEL, "reserve_tools", [this.job.id], {}, { done: _t("Reserved for you.") });
    }
    get clocked() {
        this.ui.tick; // grows while the clock runs
        const hours = this.job.clocked_hours || 0;
        const running = this.job.since ? -deserializeDateTime(this.job.since).diffNow("hours").hours : 0;
        const minutes = Math.round((hours + Math.max(0, running)) * 60);
        return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    }
    /** Chips of this trade first; those without a trade fit every work. */
    chips(kind) {
        const on = this.job.record[kind];
        return this.data.chips[kind]
            .filter((chip) => !chip.trade || chip.trade === this.job.trade || on.includes(chip.id))
            .slice(0, 12)
            .map((chip) => ({ ...chip, on: on.includes(chip.id) }));
    }
    act(method, args = [], kwargs = {}, options = {}) {
        return this.desk.act("aftersales.operation", method, [[this.job.id], ...args], kwargs, options);
    }
    choose(operationId) {
        this.ui.operationId = operationId;
    }
    selfCheck() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Self check: %s", this.job.name),
            body: _t("Work done, torque and fluids checked, nothing left in the car."),
            confirmLabel: _t("All in order"),
            confirm: () => this.act("action_self_check"),
            cancel: () => {},
        });
    }
    async askFor(operationId, item) {
        const answer = await this.desk.act(MODEL, "ask_part", [operationId, item.id]);
        if (answer) {
            this.notification.add(_t("Asked the parts room for %(part)s: %(answer)s.", { part: item.name, answer: answer.parts_text }), { type: "success" });
        }
    }
    askPart() {
        const operationId = this.job.id;
        this.dialog.add(AskPartDialog, {
            lines: this.job.lines,
            search: (term) => this.orm.silent.call(MODEL, "search_part", [term]),
            onAsk: (item) =>
                this.askFor(operationId, item),
        });
    }
    reportExtra() {
        this.dialog.add(ReportExtraDialog, {
            suggestions: this.chips("cause").map((chip) => chip.name).slice(0, 6),
            onReport: (text, photo, safety) =>
                this.act(
                    "action_report_extra",
                    [text],
                    { photos: photo ? [{ name: "photo.jpg", datas: photo }] : [], is_safety: safety },
                    { done: _t("The advisor knows.") }
                ),
        });
    }
    toggleChip(kind, chip) {
        const ids = this.job.record[kind];
        return this.act("action_record", [], {
            [`${kind}_chip_ids`]: chip.on ? ids.filter((id) => id !== chip.id) : [...ids, chip.id],
        });
    }
    saveText(ev) {
        if (ev.target.value !== this.job.record.text) {
            return this.act("action_record", [], { text: ev.target.value });
        }
    }
    get upload() {
        return { model: MODEL, method: "add_photo", args: [this.job.id] };
    }
}

registry.category("actions").add("aftersales_desk_technician", TechnicianDesk);
