import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.accountant";

/** *Close cockpit*: what still keeps the books of the month open, each box with amount and drill. */
export class AccountantDesk extends Component {
    static template = "aftersales_service.AccountantDesk";
    static components = { Desk, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.desk = useDesk({ model: MODEL, interval: 120 });
        this.title = _t("Close cockpit");
    }
    get data() {
        return this.desk.state.data;
    }
    get openBoxes() {
        return this.data.boxes.filter((box) => box.count);
    }
    get doneBoxes() {
        return this.data.boxes.filter((box) => !box.count);
    }
    money(amount) {
        return formatCurrency(amount || 0, this.data.currency_id);
    }
    drill(box) {
        return box.action && this.action.doAction(box.action, { onClose: () => this.desk.load() });
    }
    run(box) {
        return this.desk.act(MODEL, box.verb, [], {}, { done: _t("%s: done.", box.name) });
    }
}

registry.category("actions").add("aftersales_desk_accountant", AccountantDesk);
