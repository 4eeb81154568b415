import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { LightBar } from "../../components/light_bar/light_bar";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.warranty";
const CLAIM = "aftersales.warranty.claim";

/** *Claims by deadline*: a light is mended with one click, a claim sent with two. */
export class WarrantyDesk extends Component {
    static template = "aftersales_service.WarrantyDesk";
    static components = { Desk, LightBar, PlateBadge, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.ui = useState({ tab: "send", claimId: false });
        this.desk = useDesk({ model: MODEL });
        this.title = _t("Claims by deadline");
        this.tabs = [
            { code: "send", name: _t("To send") },
            { code: "waiting", name: _t("With the manufacturer") },
            { code: "answered", name: _t("Cut or rejected") },
        ];
    }
    get data() {
        return this.desk.state.data;
    }
    get claims() {
        return this.data.claims.filter((claim) => claim.tab === this.ui.tab);
    }
    get claim() {
        return this.data.claims.find((claim) => claim.id === this.ui.claimId) || false;
    }
    tabCount(tab) {
        return this.data.claims.filter((claim) => claim.tab === tab.code).length;
    }
    show(tab) {
        Object.assign(this.ui, { tab: tab.code, claimId: false });
    }
    pick(claim) {
        this.ui.claimId = claim.id;
    }
    tone(claim) {
        return { late: "late", soon: "soon" }[claim.urgency] || "mute";
    }
    due(claim) {
        if (claim.days_left === null) {
            return _t("no deadline");
        }
        if (claim.days_left < 0) {
            return _t("%s days late", -claim.days_left);
        }
        return claim.days_left === 0 ? _t("today") : _t("%s days", claim.days_left);
    }
    act(method, args = [], done = undefined) {
        return this.desk.act(CLAIM, method, [[this.claim.id], ...args], {}, { done });
    }
    mend(claim, light) {
        return this.desk.act(CLAIM, "action_cure_light", [[claim.id], light.code]);
    }
    submit() {
        return this.act("action_submit", [], _t("%s is sent.", this.claim.name));
    }
    open(claim) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: CLAIM,
            res_id: claim.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("aftersales_desk_warranty", WarrantyDesk);
