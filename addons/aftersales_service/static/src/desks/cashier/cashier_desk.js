import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { BlockerList } from "../../components/blockers/blockers";
import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { Keypad, KeypadDialog, keypadNumber, keypadText } from "../../components/keypad/keypad";
import { MinutesLeft } from "../../components/minutes_left/minutes_left";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { ScanField } from "../../components/scan_field/scan_field";
import { SignDialog } from "../../components/signature/signature";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.cashier";

/** Take money by one means: the whole amount is proposed, a smaller one leaves the rest for the next means. */
export class PayDialog extends Component {
    static template = "aftersales_service.PayDialog";
    static components = { Dialog, Keypad, StatusChip };
    static props = { close: Function, title: String, due: Number, currencyId: [Number, { value: false }], journals: Array, onPay: Function };

    setup() {
        this.state = useState({ parts: [], text: keypadText(this.props.due), busy: false });
    }
    get rest() {
        const paid = this.state.parts.reduce((sum, part) => sum + Math.round(part.amount * 100), 0);
        return (Math.round(this.props.due * 100) - paid) / 100;
    }
    get number() {
        return keypadNumber(this.state.text);
    }
    get isValid() {
        return this.number > 0 && this.number <= this.rest + 1e-9;
    }
    money(amount) {
        return formatCurrency(amount, this.props.currencyId);
    }
    async take(journal) {
        if (!this.isValid || this.state.busy) {
            return;
        }
        this.state.parts.push({ journal_id: journal.id, name: journal.name, amount: this.number });
        this.state.text = keypadText(this.rest);
        if (this.rest > 0) {
            return;
        }
        this.state.busy = true;
        this.props.close();
        await this.props.onPay(this.state.parts.map((part) => [part.journal_id, part.amount]));
    }
    drop(index) {
        this.state.parts.splice(index, 1);
        this.state.text = keypadText(this.rest);
    }
}

/** Take back: credit notes and a refund that somebody else approves. */
export class RefundDialog extends Component {
    static template = "aftersales_service.RefundDialog";
    static components = { Dialog };
    static props = { close: Function, title: String, reasons: Array, approvers: Array, onRefund: Function };

    setup() {
        this.state = useState({ reason: false });
    }
    /** Naming who approves it sends the request; where no second person is wanted, the button does. */
    async refund(approverId = false) {
        this.props.close();
        await this.props.onRefund(this.state.reason, approverId);
    }
}

/** *Ready to pay*: who, how much, what is still in the way; the means of payment are the buttons. */
export class CashierDesk extends Component {
    static template = "aftersales_service.CashierDesk";
    static components = { BlockerList, Desk, MinutesLeft, PlateBadge, ScanField, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useState({ key: this.props.action.params?.order_id ? `${this.props.action.params.order_id}` : false, tab: "pay" });
        this.desk = useDesk({ model: MODEL });
        this.title = _t("Ready to pay");
        this.settleTitle = _t("Cannot be settled yet, because…");
        this.releaseTitle = _t("The car cannot leave yet, because…");
    }

    get data() {
        return this.desk.state.data;
    }
    get waiting() {
        return this.data.settlements.filter((row) => !this.isClear(row));
    }
    get cleared() {
        return this.data.settlements.filter((row) => this.isClear(row));
    }
    get row() {
        const rows = this.data.settlements;
        const wanted = this.ui.key && rows.find((row) => this.key(row) === this.ui.key || `${row.order_id}` === this.ui.key);
        return wanted || this.waiting[0] || false;
    }
    get hard() {
        return this.blockers(this.row).filter((blocker) => blocker.level !== "warn");
    }
    get cashToday() {
        return this.data.cash_today.filter((item) => item.amount);
    }

    key(row) {
        return `${row.order_id}-${row.payer_id}`;
    }
    /** What is in the way now: of settling, then of leaving; between the two the money alone is missing. */
    blockers(row) {
        return !row || (row.settled && !this.isClear(row)) ? [] : row.blockers;
    }
    isClear(row) {
        return row.settled && (row.on_account || row.amount_due <= 0);
    }
    money(amount) {
        return formatCurrency(amount || 0, this.data.currency_id);
    }
    open(row) {
        this.ui.key = this.key(row);
    }
    setTab(tab) {
        this.ui.tab = tab;
    }
    onScan(code) {
        const text = code.toUpperCase().replace(/[\s·]/g, "");
        const match = (row) => row.order.toUpperCase() === text || (row.plate && row.plate.includes(text));
        const row = this.data.settlements.find(match);
        if (row) {
            this.ui.tab = "pay";
            return this.open(row);
        }
        const order = this.data.deposits.find(match);
        if (order) {
            this.ui.tab = "deposit";
            return this.deposit(order);
        }
        this.notification.add(_t("No car at the till is “%s”.", code), { type: "warning" });
    }

    /** The whole amount by one means. */
    payAll(journal) {
        const row = this.row;
        const parts = row.amount_due > 0 ? [[journal.id, row.amount_due]] : [];
        this.open(row);
        return this.desk.act(MODEL, "pay", [row.order_id, row.payer_id, parts], {}, {
            done: _t("%(plate)s: %(amount)s received, %(means)s.", {
                plate: row.plate,
                amount: this.money(row.amount_due),
                means: journal.name,
            }),
        });
    }
    settleOnly() {
        const row = this.row;
        this.open(row);
        return this.desk.act(MODEL, "settle", [row.order_id, row.payer_id], {}, { done: _t("Settled.") });
    }
    split() {
        const row = this.row;
        this.open(row);
        this.dialog.add(PayDialog, {
            title: [row.plate, row.payer].filter(Boolean).join(" · "),
            due: row.amount_due,
            currencyId: this.data.currency_id,
            journals: this.data.journals,
            onPay: (parts) => this.desk.act(MODEL, "pay", [row.order_id, row.payer_id, parts], {}, { done: _t("Payment received.") }),
        });
    }
    onAccount() {
        const row = this.row;
        this.open(row);
        this.dialog.add(SignDialog, {
            title: _t("On account: %s", this.money(row.amount_due)),
            statement: _t("I acknowledge this amount and pay it with the next statement."),
            name: row.payer,
            label: _t("Sign and put on account"),
            onSign: ({ name, signature }) => this.desk.act(MODEL, "on_account", [row.order_id], { name, signature }),
        });
    }
    deposit(order) {
        if (order.is_over) {
            return this.giveBack(order);
        }
        this.dialog.add(KeypadDialog, {
            title: _t("Deposit: %s", [order.plate, order.customer].filter(Boolean).join(" · ")),
            value: 0,
            choices: this.data.journals.map((journal) => ({ id: journal.id, label: journal.name })),
            onConfirm: (amount, journalId) =>
                this.desk.act(MODEL, "deposit", [order.order_id, amount, journalId], {}, { done: _t("Deposit received.") }),
        });
    }
    giveBack(order) {
        return this.desk.act(MODEL, "give_back", [order.order_id]);
    }
    gatePass(row) {
        return this.desk.act(MODEL, "gate_pass", [row.order_id]);
    }
    refund() {
        const row = this.row;
        this.dialog.add(RefundDialog, {
            title: _t("Give back: %s", row.payer),
            reasons: this.data.reasons,
            approvers: this.data.approvers,
            onRefund: (reasonId, approverId) =>
                this.desk.act(MODEL, "red_refund", [row.id, reasonId, approverId], {}, { done: _t("Asked for.") }),
        });
    }
    openOrder(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.repair.order",
            res_id: row.order_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("aftersales_desk_cashier", CashierDesk);
