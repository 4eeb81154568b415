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
// In percent of the lane: a bar is never narrower than a plate (board_desk.scss), so it may be longer than its work.
const LEAST_WIDTH = 13.4;
const ROW_HEIGHT = 56;

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
            method: "get_board_data",
            kwargs: () => (this.ui.date ? { date: serializeDate(this.ui.date) } : {}),
        });
        this.title = _t("Workshop board");
    }

    get data() {
        return this.desk.state.data;
    }
    get date() {
        return DateTime.fromISO(this.data.date, { zone: this.data.zone });
    }
    /** Hours are those of the workshop, wherever the browser stands. */
    moment(text) {
        return deserializeDateTime(text).setZone(this.data.zone);
    }
    now() {
        return DateTime.now().setZone(this.data.zone);
    }
    toolClash(operation) {
        return _t("Special tools not there: %s", operation.tool_clash.join(", "));
    }
    /** An operation ends when it is due and takes its book time; one without a due time begins now. */
    times(operation) {
        const hours = Math.max(operation.planned_hours || 0.5, 0.5);
        if (operation.due_at) {
            const stop = this.moment(operation.due_at);
            return [stop.minus({ hours }), stop];
        }
        const start = this.now();
        return [start, start.plus({ hours })];
    }
    /** The board shows the working day, longer if something lies outside it. */
    get start() {
        return DateTime.min(
            this.date.set({ hour: 8 }),
            ...this.today.map(([start]) => DateTime.max(start.startOf("hour"), this.date.startOf("day")))
        );
    }
    get end() {
        return DateTime.max(
            this.date.set({ hour: 19 }),
            ...this.today.map(([, stop]) => DateTime.min(stop.plus({ minutes: 59 }).startOf("hour"), this.date.endOf("day")))
        );
    }
    get today() {
        return this.data.operations
            .map((operation) => this.times(operation))
            .filter(([start, stop]) => stop > this.date.startOf("day") && start < this.date.endOf("day"));
    }
    get unassigned() {
        return this.data.operations.filter((operation) => this.data.unassigned.includes(operation.id));
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
        const now = this.now();
        return now > this.start && now < this.end ? this.left(now) : false;
    }
    left(at) {
        return (at.diff(this.start, "minutes").minutes / this.span) * 100;
    }
    /** The bars of a bay: what is done at the same hour stands one under the other. */
    lane(bay) {
        const bars = [
            ...bay.kept.map((appointment) => ({
                key: `kept_${appointment.id}`,
                appointment,
                ...this.place(this.moment(appointment.start_at), this.moment(appointment.stop_at)),
            })),
            ...this.data.operations
                .filter((operation) => operation.bay_id === bay.id)
                .map((operation) => ({ key: operation.id, operation, ...this.place(...this.times(operation)) })),
        ].sort((one, other) => one.left - other.left);
        const ends = [];
        for (const bar of bars) {
            const free = ends.findIndex((end) => end <= bar.left);
            const row = free < 0 ? ends.length : free;
            ends[row] = bar.left + Math.max(bar.width, LEAST_WIDTH);
            bar.style = `left:${bar.left}%;width:${bar.width}%;top:${5 + row * ROW_HEIGHT}px;height:${ROW_HEIGHT - 4}px`;
        }
        return { bars, style: `min-height:${Math.max(1, ends.length) * ROW_HEIGHT + 8}px` };
    }
    keptTitle(appointment) {
        return _t("Kept for %(plate)s, %(time)s", {
            plate: appointment.plate,
            time: this.moment(appointment.start_at).toFormat("HH:mm"),
        });
    }
    openAppointment(appointment) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.appointment",
            res_id: appointment.id,
            views: [[false, "form"]],
        });
    }
    place(start, stop) {
        const left = Math.min(100 - LEAST_WIDTH, Math.max(0, this.left(start)));
        return { left, width: Math.max(4, Math.min(100, this.left(stop)) - left) };
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
    dispatch(order) {
        return this.desk.act("aftersales.repair.order", "action_dispatch", [[order.order_id]]);
    }
    partsTitle(operation) {
        const { missing, arrived, eta } = operation.parts;
        if (!missing) {
            return _t("%s parts arrived, to be handed over", arrived);
        }
        return eta ? _t("%(count)s parts missing, expected %(date)s", { count: missing, date: eta }) : _t("%s parts missing, not ordered", missing);
    }
    people(operation) {
        return operation.technicians.map((person) => person.name).join(", ");
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
            const operation = this.data.operations.find((candidate) => candidate.id === id);
            const start = this.start.plus({ minutes });
            const due = start.plus({ hours: Math.max(operation.planned_hours || 0.5, 0.5) });
            await this.desk.act("aftersales.operation", "write", [[id], { bay_id: bay.id, due_at: serializeDateTime(due) }]);
        }
    }
}

registry.category("actions").add("aftersales_desk_board", BoardDesk);
