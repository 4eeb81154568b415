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
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.cashier";

/** Take money by one means: the whole amount is proposed, a smaller one leaves the rest for the next means. */
export class PayDialog extends Component {
    static template = "aftersales_service.PayDialog";
    static components = { Dialog, Keypad };
    static props = { close: Function, title: String, due: Number, currencyId: [Number, { value: false }], journals: Array, onPay: Function };

    setup() {
        this.state = useState({ parts: [], text: keypadText(this.props.due), busy: false, typing: false });
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
            this.state.typing = false;
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

/** *Ready to pay*: who, how much, what is still in the way; the means are the buttons. */
export class CashierDesk extends Component {
    static template = "aftersales_service.CashierDesk";
    static components = { BlockerList, Desk, MinutesLeft, PlateBadge, ScanField, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useState({ key: false, tab: "pay" });
        this.desk = useDesk({ model: MODEL });
        this.title = _t("Ready to pay");
    }
    get data() {
        return this.desk.state.data;
    }
}

registry.category("actions").add("aftersales_desk_cashier", CashierDesk);
