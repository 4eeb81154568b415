import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

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
    static components = { Dialog };
    static props = { close: Function, reasons: Array, people: Array, onFail: Function };

    setup() {
        this.state = useState({ reason: false, person: this.props.people.length === 1 ? this.props.people[0].id : false, note: "" });
    }
    get isReady() {
        return Boolean((this.state.reason || this.state.note.trim()) && (this.state.person || !this.props.people.length));
    }
    async fail() {
        this.props.close();
        await this.props.onFail({ reason_id: this.state.reason, responsible_id: this.state.person, note: this.state.note.trim() });
    }
}

/** *To inspect*, by promise: the checklist is short, pass is one confirmation away. */
export class InspectorDesk extends Component {
    static template = "aftersales_service.InspectorDesk";
    static components = { Desk, MinutesLeft, PhotoStrip, PlateBadge, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.dialog = useService("dialog");
        this.ui = useState({ orderId: false, bad: [] });
        this.desk = useDesk({ model: MODEL });
        this.title = _t("To inspect");
    }
    get data() {
        return this.desk.state.data;
    }
    get order() {
        return this.data.orders.find((order) => order.id === this.ui.orderId) || false;
    }
    get upload() {
        return { model: MODEL, method: "add_photo", args: [this.order.id] };
    }
    open(order) {
        Object.assign(this.ui, { orderId: order.id, bad: [] });
    }
    toggle(point) {
        const bad = this.ui.bad;
        this.ui.bad = bad.includes(point.id) ? bad.filter((id) => id !== point.id) : [...bad, point.id];
    }
    check(passed, kwargs = {}) {
        return this.desk.act(MODEL, "check", [this.order.id, passed], { ...kwargs, line_ids: this.ui.bad });
    }
    async pass() {
        if (await this.check(true)) {
            this.ui.orderId = false;
        }
    }
    fail() {
        this.dialog.add(FailDialog, {
            reasons: this.data.reasons,
            people: this.order.technicians,
            onFail: async (answer) => {
                if (await this.check(false, answer)) {
                    this.ui.orderId = false;
                }
            },
        });
    }
    show(method) {
        return this.desk.act(MODEL, method, [this.order.id]);
    }
}

registry.category("actions").add("aftersales_desk_inspector", InspectorDesk);
