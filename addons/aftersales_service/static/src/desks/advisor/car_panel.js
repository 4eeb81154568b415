import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { useService } from "@web/core/utils/hooks";

import { BlockerDialog, BlockerList } from "../../components/blockers/blockers";
import { MinutesLeft } from "../../components/minutes_left/minutes_left";
import { PhotoStrip } from "../../components/photo_strip/photo_strip";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { SignDialog } from "../../components/signature/signature";
import { StatusChip } from "../../components/status_chip/status_chip";
import { ConsentDialog, HandOverDialog, NewTimeDialog, OfferDialog, SupplementDialog } from "./dialogs";

const MODEL = "aftersales.desk.advisor";

export const CONSENT_TONES = { approved: "ok", quoted: "wait", declined: "late", draft: "mute" };
const ORIGIN_TONES = { additional: "soon", safety: "late", recommended: "info" };

/** The car on the right: words, photos, jobs with their consents, the money, what is still in the way. */
export class CarPanel extends Component {
    static template = "aftersales_service.CarPanel";
    static components = { BlockerList, MinutesLeft, PhotoStrip, PlateBadge, StatusChip };
    static props = { order: Object, data: Object, lists: Object, desk: Object };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
    }

    get order() {
        return this.props.order;
    }
    get open() {
        return this.order.outcome === "open" && !["released", "closed"].includes(this.order.state);
    }
    get asked() {
        return this.order.jobs.filter((job) => job.outcome === "open" && job.consent_state === "quoted");
    }
    get unshown() {
        return this.order.jobs.filter((job) => job.outcome === "open" && job.consent_state === "draft");
    }
    get upload() {
        return { model: MODEL, method: "add_photo", args: [this.order.id] };
    }
    money(amount) {
        return formatCurrency(amount, this.props.data.currency_id);
    }
    consentTone(job) {
        return CONSENT_TONES[job.consent_state] || "mute";
    }
    originTone(job) {
        return ORIGIN_TONES[job.origin];
    }
    act(method, args = [], kwargs = {}, options = {}) {
        return this.props.desk.act(MODEL, method, [this.order.id, ...args], kwargs, options);
    }

    // Additional work: the camera opens with the dialog; then what, then to the customer.
    addWork() {
        this.dialog.add(SupplementDialog, {
            packages: this.props.lists.packages,
            currencyId: this.props.data.currency_id,
            search: (term) => this.orm.silent.call(MODEL, "find_work", [this.order.id, term]),
            onConfirm: async (work) => {
                const offer = await this.act("add_work", [], work);
                if (offer && offer.estimate_id) {
                    this.showOffer(offer);
                }
            },
        });
    }
    async offer() {
        const offer = await this.act("offer");
        if (offer && offer.estimate_id) {
            this.showOffer(offer);
        }
    }
    showOffer(offer) {
        this.dialog.add(OfferDialog, {
            offer,
            amount: this.money(offer.amount),
            onSign: () => this.sign(offer),
        });
    }
    sign(offer) {
        this.dialog.add(SignDialog, {
            title: _t("Signature of the customer"),
            statement: _t("I agree with content, price and time of %s.", offer.name),
            name: this.order.customer,
            onSign: ({ name, signature }) => this.act("sign", [offer.estimate_id], { name, signature }),
        });
    }
    signLast() {
        this.sign(this.order.open_estimate);
    }
    phoneConsent(jobs) {
        this.dialog.add(ConsentDialog, {
            jobs,
            amount: this.money(jobs.reduce((sum, job) => sum + job.amount, 0)),
            name: this.order.customer,
            phone: this.order.phone || "",
            colleagues: this.props.lists.colleagues,
            onConfirm: (decision, answer) =>
                this.act("phone_consent", [jobs.map((job) => job.id), decision], answer),
        });
    }
    decline(job) {
        return this.act("decline", [[job.id]]);
    }
    newTime() {
        this.dialog.add(NewTimeDialog, {
            promisedAt: this.order.promised_at,
            onChoose: (at) => this.act("new_time", [at]),
        });
    }
    async handOver() {
        const blockers = (this.order.blockers || []).filter((blocker) => blocker.level !== "warn");
        if (blockers.length) {
            this.dialog.add(BlockerDialog, {
                title: _t("Not ready for hand-over, because…"),
                blockers,
                onCured: () => this.props.desk.load(),
                onOverride: blockers.every((blocker) => blocker.can_override)
                    ? () => this.act("explain", [this.order.next_target])
                    : undefined,
            });
            return;
        }
        this.dialog.add(HandOverDialog, {
            order: this.order,
            due: this.money(this.order.amount_due),
            onConfirm: () => this.act("to_till", [], {}, { done: _t("Sent to the till.") }),
        });
    }
    openOrder() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.repair.order",
            res_id: this.order.id,
            views: [[false, "form"]],
        });
    }
}
