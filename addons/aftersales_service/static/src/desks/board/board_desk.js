import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { MinutesLeft } from "../../components/minutes_left/minutes_left";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.workshop.board";
const { DateTime } = luxon;

/** The workshop's day: bays down, hours across; drag a job to a bay and an hour. */
export class BoardDesk extends Component {
    static template = "aftersales_service.BoardDesk";
    static components = { Desk, MinutesLeft, PlateBadge, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.ui = useState({ date: false, dragging: false, over: false });
        this.desk = useDesk({
            model: MODEL,
            kwargs: () => ({ date: this.ui.date ? serializeDate(this.ui.date) : false }),
        });
        this.title = _t("Workshop board");
    }

    get data() {
        return this.desk.state.data;
    }
    get date() {
        return DateTime.fromISO(this.data.date);
    }
    get start() {
        return deserializeDateTime(this.data.day_start);
    }
    get end() {
        return deserializeDateTime(this.data.day_end);
    }
    get span() {
        return this.end.diff(this.start, "minutes").minutes;
    }
    get hours() {
        const hours = [];
        for (let at = this.start; at < this.end; at = at.plus({ hours: 1 })) {
            hours.push({ label: at.toFormat("HH"), left: this.left(at) });
        }
        return hours;
    }
    get nowLeft() {
        const now = DateTime.now();
        return now > this.start && now < this.end ? this.left(now) : false;
    }
    left(at) {
        return (at.diff(this.start, "minutes").minutes / this.span) * 100;
    }
    operationsOf(bay) {
        return this.data.operations.filter((operation) => operation.bay_id === bay.id);
    }
    style(operation) {
        const start = DateTime.max(deserializeDateTime(operation.start), this.start);
        const stop = DateTime.min(deserializeDateTime(operation.stop), this.end);
        const left = Math.max(0, this.left(start));
        const width = Math.max(3, Math.min(100, this.left(stop)) - left);
        return `left:${left}%;width:${width}%`;
    }
    async go(days) {
        this.ui.date = this.date.plus({ days });
        await this.desk.load();
    }
    open(operation) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.repair.order",
            res_id: operation.order_id,
            views: [[false, "form"]],
        });
    }
    onDragStart(ev, operation) {
        ev.dataTransfer.setData("text/plain", String(operation.id));
        ev.dataTransfer.effectAllowed = "move";
        this.ui.dragging = operation.id;
    }
    async onDrop(ev, bay) {
        const id = this.ui.dragging || parseInt(ev.dataTransfer.getData("text/plain"));
        Object.assign(this.ui, { dragging: false, over: false });
        const box = ev.currentTarget.getBoundingClientRect();
        const minutes = Math.round((((ev.clientX - box.left) / box.width) * this.span) / 15) * 15;
        if (id) {
            await this.desk.act(MODEL, "move", [id, bay.id], { start: serializeDateTime(this.start.plus({ minutes })) });
        }
    }
}

registry.category("actions").add("aftersales_desk_board", BoardDesk);
