import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { BigBar } from "../../components/big_bar/big_bar";
import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { ScanField } from "../../components/scan_field/scan_field";
import { SignDialog } from "../../components/signature/signature";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.old.parts";

/**
 * Old parts, one scan field. A shelf, then tags: they are stored there. A shipment, then tags: they are packed.
 * A tag alone: what it is, whose it is, and the few buttons that make sense.
 */
export class OldPartsDesk extends Component {
    static template = "aftersales_service.OldPartsDesk";
    static components = { BigBar, Desk, PlateBadge, ScanField, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ui = useState({
            tab: "work",
            shipmentId: false,
            place: null, // shelf that was scanned: {id, name}
            part: null, // tag that was scanned
            lineIds: [], // lines that a scanned part waits in
            last: null, // {tone, text} of the last act
            list: null, // packing list of what was just sent
        });
        this.desk = useDesk({ model: MODEL, kwargs: () => ({ shipment_id: this.ui.shipmentId }) });
        this.title = _t("Old parts");
    }

    get data() {
        return this.desk.state.data;
    }
    get shipment() {
        return this.data.shipment;
    }
    get tabs() {
        const { counts, shipments } = this.data;
        return [
            { key: "work", label: _t("To do"), count: counts.to_tag + counts.to_store },
            { key: "due", label: _t("To return"), count: counts.due },
            { key: "pack", label: _t("Shipments"), count: shipments.length },
            { key: "end", label: _t("To scrap or hand over"), count: counts.scrap + counts.fetch },
        ];
    }
    get lines() {
        const ids = this.ui.lineIds;
        return ids.length ? this.data.to_tag.filter((line) => ids.includes(line.id)) : this.data.to_tag;
    }
    get placeholder() {
        if (this.shipment) {
            return _t("Scan tags into box %s", this.shipment.boxes || 1);
        }
        return this.ui.place ? _t("Scan tags to store on %s", this.ui.place.name) : _t("Scan a tag, a shelf or a shipment");
    }
    get actions() {
        return [
            {
                key: "ship",
                label: _t("Ship %s parts", this.shipment.count),
                icon: "fa-truck",
                tone: "go",
                disabled: !this.shipment.count,
                onClick: () => this.ship(),
            },
        ];
    }
    partText(part) {
        return [part.plate, part.order, part.place].filter(Boolean).join(" · ");
    }
    dayText(part) {
        if (part.state === "to_return" && part.return_before) {
            return _t("send before %s", part.return_before);
        }
        return part.hold_until ? _t("keep until %s", part.hold_until) : "";
    }
    say(tone, text) {
        this.ui.last = { tone, text };
    }
    show(tab) {
        Object.assign(this.ui, { tab, part: null, lineIds: [], last: null });
        if (tab !== "pack" && this.ui.shipmentId) {
            return this.openShipment(false, tab);
        }
    }
    openShipment(id, tab = "pack") {
        Object.assign(this.ui, { shipmentId: id, tab, part: null, place: null, last: null, list: null });
        return this.desk.run(() => this.desk.load());
    }
    leavePlace() {
        this.ui.place = null;
    }

    /** Scans come faster than answers: each waits for the one before. */
    onScan(code) {
        this.scans = (this.scans || Promise.resolve()).catch(() => {}).then(() => this.takeScan(code));
        return this.scans;
    }
    async takeScan(code) {
        const { ui } = this;
        const result = await this.desk.run(() =>
            this.orm.call(MODEL, "scan", [code], {
                shipment_id: ui.shipmentId,
                location_id: ui.place ? ui.place.id : false,
            })
        );
        if (!result) {
            return;
        }
        ui.part = null;
        ui.lineIds = [];
        const { part } = result;
        const next = {
            packed: () => this.say("good", _t("%(tag)s in box %(box)s", { tag: part.tag, box: part.box })),
            stored: () => this.say("good", _t("%(tag)s on %(place)s", { tag: part.tag, place: part.place })),
            part: () => {
                ui.part = part;
                ui.last = null;
            },
            place: () => {
                ui.place = { id: result.id, name: result.name };
                this.say("good", _t("Now scan the tags that go to %s.", result.name));
            },
            shipment: () => Object.assign(ui, { shipmentId: result.id, tab: "pack", place: null, last: null }),
            line: () => Object.assign(ui, { tab: "work", lineIds: result.ids, last: null }),
            unknown: () => this.say("bad", _t("Nothing known as “%s”.", result.name)),
        }[result.kind];
        next();
        await this.desk.load();
    }

    // Verbs
    async act(method, args, done) {
        const result = await this.desk.run(() => this.orm.call(MODEL, method, args));
        if (result) {
            this.ui.part = null;
            this.say("good", done);
            await this.desk.load();
        }
        return result;
    }
    async tag(line) {
        const row = await this.act("tag", [line.id], _t("Tagged: %s", line.name));
        if (row) {
            Object.assign(this.ui, { lineIds: [], part: row }); // its card has the label and the shelf
        }
    }
    printLabel(part) {
        return this.action.doAction("aftersales_service.action_report_old_part_labels", {
            additionalContext: { active_ids: [part.id], active_id: part.id, active_model: "aftersales.old.part" },
        });
    }
    store(part) {
        return this.act("store", [[part.id], this.ui.place ? this.ui.place.id : false], _t("%s is stored.", part.tag));
    }
    async pack(part) {
        const shipmentId = await this.act("pack", [[part.id]], _t("%s is packed.", part.tag));
        if (shipmentId) {
            await this.openShipment(shipmentId);
        }
    }
    unpack(part) {
        return this.act("unpack", [[part.id]], _t("%s is out of the box.", part.tag));
    }
    comeBack(part) {
        return this.act("come_back", [[part.id]], _t("%s is on the shelf again.", part.tag));
    }
    found(part) {
        return this.act("find", [[part.id]], _t("%s is on the shelf again.", part.tag));
    }
    hand(part) {
        this.dialog.add(SignDialog, {
            title: _t("Hand to the customer"),
            name: part.customer,
            statement: _t("I have received my old part %(tag)s: %(name)s", { tag: part.tag, name: part.name }),
            label: _t("I have received it"),
            onSign: ({ name, signature }) => this.act("hand", [[part.id], name, signature], _t("%s is handed over.", part.tag)),
        });
    }
    scrap(part) {
        return this.action.doAction("aftersales_service.aftersales_old_part_act_action", {
            additionalContext: { default_act: "scrap", default_old_part_ids: [part.id] },
            onClose: () => {
                this.ui.part = null;
                return this.desk.load();
            },
        });
    }
    openPart(part) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: "aftersales.old.part", res_id: part.id, views: [[false, "form"]] });
    }
    callList() {
        return this.action.doAction("aftersales_service.aftersales_old_part_call_action", { onClose: () => this.desk.load() });
    }
    printList() {
        return this.action.doAction(this.ui.list);
    }
    newBox() {
        return this.act("new_box", [this.shipment.id], _t("Next box"));
    }
    saveWaybill(ev) {
        return this.act("set_waybill", [this.shipment.id, ev.target.value], _t("Waybill number noted."));
    }
    async ship() {
        const { name, id, count } = this.shipment;
        const list = await this.desk.run(() => this.orm.call(MODEL, "ship", [id]));
        if (list) {
            await this.openShipment(false);
            this.say("good", _t("%(shipment)s is on its way: %(count)s parts.", { shipment: name, count }));
            this.ui.list = list;
        }
    }
}

registry.category("actions").add("aftersales_desk_old_parts", OldPartsDesk);
