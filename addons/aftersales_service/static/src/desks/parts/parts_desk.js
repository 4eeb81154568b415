import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { BlockerDialog } from "../../components/blockers/blockers";
import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { KeypadDialog } from "../../components/keypad/keypad";
import { MinutesLeft } from "../../components/minutes_left/minutes_left";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { ScanField } from "../../components/scan_field/scan_field";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.parts";

/** What came differs from what was ordered: how many, how many of them to Hold, what is wrong. */
export class ReceiveDialog extends Component {
    static template = "aftersales_service.ReceiveDialog";
    static components = { Dialog };
    static props = { close: Function, move: Object, qualities: Array, onConfirm: Function };

    setup() {
        this.state = useState({ counted: this.props.move.quantity, doubtful: 0, quality: "ok", note: "", busy: false });
    }
    setQuality(quality) {
        this.state.quality = quality;
        this.state.doubtful = quality === "ok" ? 0 : this.state.counted;
    }
    get isValid() {
        const { counted, doubtful } = this.state;
        return counted > 0 && doubtful >= 0 && doubtful <= counted;
    }
    async confirm() {
        if (!this.isValid || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const { counted, doubtful, quality, note } = this.state;
            await this.props.onConfirm({ quantity: counted, doubtful, quality, note });
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/** What was typed may mean several parts: choose one. */
export class PartChoiceDialog extends Component {
    static template = "aftersales_service.PartChoiceDialog";
    static components = { Dialog, StatusChip };
    static props = { close: Function, title: String, parts: Array, onChoose: Function };

    choose(part) {
        this.props.close();
        this.props.onChoose(part);
    }
}

/**
 * The counter of the parts room. Scans do it all: an order opens, a part counts one into the basket,
 * a badge hands the basket over (tab *To issue*) or takes it back (tab *Take back*).
 */
export class PartsDesk extends Component {
    static template = "aftersales_service.PartsDesk";
    static components = { Desk, MinutesLeft, PlateBadge, ScanField, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.action = useService("action");
        this.ui = useState({
            tab: "issue",
            orderId: false,
            basket: {}, // order line → quantity picked
            back: {}, // order line → quantity brought back
            damaged: false, // what is brought back goes to Hold
            goods: {}, // product → {id, name, code, uom, price, quantity}: counter sale, consumables
            teamId: false,
            slips: [], // transfers of the last act, to print
            receiptId: false, // move that is being received
            last: null, // {tone, text} of the last act
        });
        this.desk = useDesk({ model: MODEL });
        this.title = _t("Parts counter");
        this.tabs = [
            { key: "issue", label: _t("To issue") },
            { key: "back", label: _t("Take back") },
            { key: "arrived", label: _t("Arrived") },
            { key: "missing", label: _t("Missing") },
            { key: "sell", label: _t("Counter sale") },
            { key: "team", label: _t("To a team") },
        ];
    }

    get data() {
        return this.desk.state.data;
    }
    get order() {
        return this.data.orders.find((order) => order.id === this.ui.orderId) || false;
    }
    get picked() {
        return this.order ? this.order.lines.reduce((sum, line) => sum + (this.ui.basket[line.id] || 0), 0) : 0;
    }
    get toPick() {
        return this.order ? this.order.lines.reduce((sum, line) => sum + line.open_qty, 0) : 0;
    }
    get broughtBack() {
        return this.data.back.filter((line) => this.ui.back[line.id]);
    }
    get goods() {
        return Object.values(this.ui.goods);
    }
    get goodsTotal() {
        return this.goods.reduce((sum, item) => sum + item.price * item.quantity, 0);
    }
    get placeholder() {
        return {
            issue: this.order ? _t("Scan parts, then the receiver's badge") : _t("Scan an order, a plate or a part"),
            back: _t("Scan the part, then the badge of who brings it"),
            arrived: _t("Scan the part that arrived"),
            missing: _t("Scan or type an order"),
            sell: _t("Scan what is sold"),
            team: _t("Scan what is used up, then the badge of who takes it"),
        }[this.ui.tab];
    }
    count(key) {
        return this.data.counts[key];
    }

    setTab(tab) {
        Object.assign(this.ui, { tab, last: null, receiptId: false, goods: {}, slips: [], damaged: false });
    }
    openOrder(orderId) {
        Object.assign(this.ui, { tab: "issue", orderId, basket: {}, last: null, slips: [] });
    }
    say(tone, text) {
        this.ui.last = { tone, text };
    }

    async onScan(code) {
        const found = await this.desk.run(() => this.orm.call(MODEL, "scan", [code]));
        if (!found) {
            return;
        }
        if (found.kind === "order") {
            return this.openOrder(found.id);
        }
        if (found.kind === "part") {
            return this.takePart(found);
        }
        if (found.kind === "choice") {
            return this.dialog.add(PartChoiceDialog, {
                title: _t("Which part? “%s”", code),
                parts: found.parts,
                onChoose: (part) => this.takePart(part),
            });
        }
        if (found.kind === "badge") {
            return { back: () => this.takeBack(found.id), team: () => this.consume(found.id) }[this.ui.tab]?.() ?? this.issue(found.id);
        }
        this.say("bad", _t("Nothing known as “%s”.", code));
    }

    takePart(part) {
        const verbs = { back: "bringBack", arrived: "arrive", sell: "addGoods", team: "addGoods" };
        return this[verbs[this.ui.tab] || "pickPart"](part);
    }

    // To issue
    pickPart(part) {
        if (!this.order) {
            const waiting = this.data.orders.filter((order) =>
                order.lines.some((line) => line.product_id === part.id && line.open_qty > 0)
            );
            if (!waiting.length) {
                return this.say("bad", _t("No order waits for %s.", part.name));
            }
            this.openOrder(waiting[0].id); // the most urgent one
        }
        const line = this.order.lines.find(
            (candidate) => candidate.product_id === part.id && (this.ui.basket[candidate.id] || 0) < candidate.open_qty
        );
        if (!line) {
            return this.say("bad", _t("%s is not (or no longer) asked for by this order.", part.name));
        }
        this.add(line, Math.min(1, line.open_qty - (this.ui.basket[line.id] || 0)));
        this.say("good", _t("%(part)s: %(done)s of %(asked)s", { part: part.name, done: this.ui.basket[line.id], asked: line.open_qty }));
    }
    add(line, quantity) {
        this.ui.basket[line.id] = Math.max(0, Math.min(line.open_qty, (this.ui.basket[line.id] || 0) + quantity));
    }
    typeQuantity(line) {
        this.dialog.add(KeypadDialog, {
            title: line.name,
            value: line.open_qty,
            unit: line.uom,
            max: line.open_qty,
            onConfirm: (quantity) => {
                this.ui.basket[line.id] = quantity;
            },
        });
    }
    pickAll() {
        for (const line of this.order.lines) {
            this.ui.basket[line.id] = Math.min(line.open_qty, line.free_qty);
        }
    }
    async issue(receiverId = false) {
        if (!this.order || !this.picked) {
            return this.say("bad", _t("Scan the parts first, then the badge."));
        }
        const blockers = await this.desk.run(() =>
            this.orm.call("aftersales.repair.order", "get_blockers", [[this.order.id], "issue"])
        );
        const hard = (blockers || []).filter((blocker) => blocker.level !== "warn");
        if (hard.length) {
            return this.dialog.add(BlockerDialog, { blockers: hard, onCured: () => this.desk.load() });
        }
        const name = this.order.name;
        const result = await this.desk.act(MODEL, "issue", [this.order.id, this.ui.basket], { receiver_id: receiverId });
        if (result) {
            this.ui.basket = {};
            this.ui.orderId = this.data.orders.some((order) => order.name === name) ? this.ui.orderId : false;
            this.ui.slips = result.pickings;
            this.say("good", _t("%(order)s: issued to %(receiver)s.", { order: name, receiver: result.receiver }));
        }
    }

    // Take back
    bringBack(part) {
        const line = this.data.back.find(
            (candidate) => candidate.product_id === part.id && (this.ui.back[candidate.id] || 0) < candidate.issued_qty
        );
        if (!line) {
            return this.say("bad", _t("%s was not issued to an open order.", part.name));
        }
        this.bringLine(line);
    }
    bringLine(line) {
        this.ui.back[line.id] = Math.min(line.issued_qty, (this.ui.back[line.id] || 0) + 1);
        this.say("good", _t("%(part)s from %(order)s: %(quantity)s to take back. Scan the badge.", {
            part: line.name,
            order: line.order,
            quantity: this.ui.back[line.id],
        }));
    }
    announced(line) {
        return _t("Announced: %s", line.announced_qty);
    }
    async takeBack(employeeId = false) {
        if (!this.broughtBack.length) {
            return this.say("bad", _t("Scan the part first, then the badge."));
        }
        const result = await this.desk.act(MODEL, "take_back", [this.ui.back], { employee_id: employeeId, damaged: this.ui.damaged });
        if (result) {
            this.say("good", this.ui.damaged ? _t("Taken back: it lies in Hold.") : _t("Taken back."));
            Object.assign(this.ui, { back: {}, damaged: false });
        }
    }

    // Arrived
    arrive(part) {
        const move = this.data.arrived.find((candidate) => candidate.product_id === part.id);
        if (!move) {
            return this.say("bad", _t("No purchase is on its way for %s.", part.name));
        }
        this.ui.receiptId = move.id;
    }
    receiveDiffering(move) {
        this.dialog.add(ReceiveDialog, {
            move,
            qualities: this.data.qualities,
            onConfirm: (counted) => this.receive(move, counted),
        });
    }
    async receive(move, counted = {}) {
        const result = await this.desk.act(MODEL, "receive", [move.id], counted);
        if (result) {
            this.ui.receiptId = false;
            if (result.differences) {
                return this.say("bad", _t("%(part)s received with a difference: it is on the discrepancy report.", { part: move.name }));
            }
            this.say("good", _t("%(part)s received for %(order)s.", { part: move.name, order: move.order || _t("stock") }));
        }
    }

    // Counter sale, consumables
    addGoods(part) {
        const item = (this.ui.goods[part.id] ||= { ...part, quantity: 0 });
        item.quantity += 1;
        this.say("good", _t("%(part)s × %(quantity)s", { part: part.name, quantity: item.quantity }));
    }
    typeGoods(item) {
        this.dialog.add(KeypadDialog, {
            title: item.name,
            value: item.quantity,
            unit: item.uom,
            onConfirm: (quantity) => {
                item.quantity = quantity;
            },
        });
    }
    dropGoods(item) {
        delete this.ui.goods[item.id];
    }
    get goodsBasket() {
        return Object.fromEntries(this.goods.map((item) => [item.id, item.quantity]));
    }
    async sell(means) {
        const result = await this.desk.act(MODEL, "sell", [this.goodsBasket, means.id]);
        if (result && result.name) {
            Object.assign(this.ui, { goods: {}, slips: result.pickings });
            this.say("good", _t("%(order)s: sold for %(amount)s (%(means)s).", { order: result.name, amount: result.amount.toFixed(2), means: means.name }));
        }
    }
    async deliver(partnerId) {
        const result = await this.desk.act(MODEL, "deliver", [this.goodsBasket, partnerId]);
        if (result && result.name) {
            Object.assign(this.ui, { goods: {}, slips: result.pickings });
            if (result.missing.length) {
                return this.say("bad", _t("%(order)s: not there, stays asked for: %(parts)s.", { order: result.name, parts: result.missing.join(", ") }));
            }
            this.say("good", _t("%(order)s: delivered on account for %(amount)s.", { order: result.name, amount: result.amount.toFixed(2) }));
        }
    }
    async consume(employeeId) {
        if (!this.ui.teamId || !this.goods.length) {
            return this.say("bad", _t("Choose the team and scan what it takes, then the badge."));
        }
        const result = await this.desk.act(MODEL, "consume", [this.ui.teamId, this.goodsBasket], { employee_id: employeeId });
        if (result) {
            Object.assign(this.ui, { goods: {}, slips: result.pickings });
            this.say("good", _t("Handed to %s.", result.receiver));
        }
    }
    recordLostSale() {
        return this.action.doAction(
            { type: "ir.actions.act_window", name: _t("Lost Sale"), res_model: "aftersales.lost.sale", views: [[false, "form"]], target: "new" },
        );
    }
    async print(pickingIds, paper) {
        return this.action.doAction(await this.orm.call(MODEL, "print_papers", [pickingIds, paper]));
    }

    // Missing
    orderUrgently(line) {
        this.dialog.add(KeypadDialog, {
            title: _t("Order urgently: %s", line.name),
            value: line.missing_qty,
            unit: line.uom,
            label: _t("Order it"),
            onConfirm: async (quantity) => {
                const result = await this.desk.act(MODEL, "order_urgently", [line.id], { quantity });
                if (result && result.name) {
                    this.say("good", _t("%(part)s is on %(purchase)s.", { part: line.name, purchase: result.name }));
                }
            },
        });
    }
    openRecord(model, id) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }
}

registry.category("actions").add("aftersales_desk_parts", PartsDesk);
