import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
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
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.inspector";

/** Not passed: what is wrong and whose work it was, then one big button. */
export class FailDialog extends Component {
    static template = "aftersales_service.FailDialog";
    static components = { Dialog, StatusChip };
    static props = { close: Function, defects: Array, people: Array, note: String, onFail: Function };

    setup() {
        const { people, note } = this.props;
        this.state = useState({ defect: false, person: people.length === 1 ? people[0].id : false, note });
    }
    get isReady() {
        return Boolean(this.state.defect || this.state.note.trim());
    }
    /** Of several people the one who is named sends it; one alone, or nobody, leaves it to the button. */
    async fail(personId = false) {
        this.props.close();
        const { defect, note } = this.state;
        const person = personId || this.state.person;
        const name = this.props.defects.find((candidate) => candidate.id === defect)?.name || "";
        await this.props.onFail({
            defect_ids: defect ? [defect] : [],
            responsible_ids: person ? [person] : [],
            note: note.trim() || name,
        });
    }
}

/** *To inspect*, by promise: the checklist is short, pass is one confirmation away. */
export class InspectorDesk extends Component {
    static template = "aftersales_service.InspectorDesk";
    static components = { BlockerList, Desk, MinutesLeft, PhotoStrip, PlateBadge, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.ui = useState({ orderId: false, bad: [], values: {}, photos: [] });
        this.desk = useDesk({ model: MODEL, method: "get_inspector_desk" });
        this.title = _t("To inspect");
    }
    get data() {
        return this.desk.state.data;
    }
    get order() {
        return this.data.orders.find((order) => order.id === this.ui.orderId) || false;
    }
    get isReady() {
        return this.order.items.every((item) => !item.is_measure || this.ui.values[item.template_line_id]);
    }
    open(order) {
        Object.assign(this.ui, { orderId: order.id, bad: [], values: {}, photos: [] });
    }
    toggle(item) {
        const bad = this.ui.bad;
        const id = item.template_line_id;
        this.ui.bad = bad.includes(id) ? bad.filter((other) => other !== id) : [...bad, id];
    }
    /** What was looked at: everything is in order unless tapped; measured values as typed. */
    get items() {
        return this.order.items.map((item) => ({
            template_line_id: item.template_line_id,
            name: item.name,
            ok: !this.ui.bad.includes(item.template_line_id),
            ...(item.is_measure ? { value: parseFloat(this.ui.values[item.template_line_id]) } : {}),
        }));
    }
    async act(method, kwargs) {
        const result = await this.desk.act("aftersales.repair.order", method, [[this.order.id]], kwargs);
        if (result) {
            this.ui.orderId = false;
        }
    }
    pass() {
        return this.act("action_check_pass", { level: this.order.level, items: this.items });
    }
    fail() {
        const level = this.order.level;
        const items = this.items;
        const names = this.order.items.filter((item) => this.ui.bad.includes(item.template_line_id)).map((item) => item.name);
        this.dialog.add(FailDialog, {
            defects: this.data.defects,
            people: this.order.people,
            note: names.join(", "),
            onFail: (answer) => this.act("action_check_fail", { ...answer, level, items, photos: this.photos }),
        });
    }
    get photos() {
        return this.ui.photos.map((photo) => ({ name: "photo.jpg", datas: photo.url.split(",")[1] }));
    }
    addPhoto(url) {
        this.ui.photos.push({ id: this.ui.photos.length + 1, url });
    }
    certificate() {
        return this.desk.act("aftersales.repair.order", "action_print_certificate", [[this.order.id]]);
    }
    history() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("History of %s", this.order.plate),
            res_model: "aftersales.repair.order",
            domain: [["vehicle_id", "=", this.order.history_action]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("aftersales_desk_inspector", InspectorDesk);
