import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

import { describePromise } from "../../components/minutes_left/minutes_left";
import { PackagePicker } from "../../components/package_picker/package_picker";
import { PhotoStrip } from "../../components/photo_strip/photo_strip";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { SignaturePad, signatureData } from "../../components/signature/signature";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.advisor";
const { DateTime } = luxon;

/**
 * A new car at the desk on one sheet: plate → package → photo → sign.
 * Key and "no valuables" are preselected where the shop's profile says so; one signature covers everything.
 */
export class WalkIn extends Component {
    static template = "aftersales_service.WalkIn";
    static components = { PackagePicker, PhotoStrip, PlateBadge, SignaturePad, StatusChip };
    static props = {
        arrival: Object,
        packages: Array,
        currencyId: { type: [Number, { value: false }], optional: true },
        desk: Object,
        onDone: Function,
        onCancel: Function,
    };

    setup() {
        this.orm = useService("orm");
        const arrival = this.props.arrival;
        this.form = useState({
            name: arrival.partner || "",
            phone: "",
            odometer: "",
            words: arrival.words || "",
            packageIds: [],
            photos: [],
            key: arrival.defaults.key,
            noValuables: arrival.defaults.no_valuables,
            waits: true,
            refusedIds: [],
            promisedAt: false,
        });
        this.signature = useState({ name: arrival.partner || "", isSignatureEmpty: true });
        this.photoSeq = 1;
    }

    get packages() {
        const fit = this.props.arrival.package_ids || [];
        const rank = (pack) => (fit.includes(pack.id) ? 0 : 1);
        return [...this.props.packages].sort((a, b) => rank(a) - rank(b));
    }
    get chosen() {
        return this.props.packages.filter((pack) => this.form.packageIds.includes(pack.id));
    }
    get total() {
        const refused = this.props.arrival.refused.filter((job) => this.form.refusedIds.includes(job.id));
        const amount = [...this.chosen, ...refused].reduce((sum, item) => sum + (item.amount || 0), 0);
        return formatCurrency(amount, this.props.currencyId);
    }
    get promise() {
        return this.form.promisedAt ? describePromise(deserializeDateTime(this.form.promisedAt), DateTime.now(), 0).text : "";
    }
    /** The server knows the working hours: what is shown here is what the order will promise. */
    async askPromise() {
        const asked = (this.asked = (this.asked || 0) + 1);
        const hours = this.chosen.reduce((sum, pack) => sum + (pack.hours || 0), 0);
        const at = hours ? await this.orm.silent.call(MODEL, "promise", [hours]) : false;
        if (asked === this.asked) {
            this.form.promisedAt = at;
        }
    }
    get isReady() {
        return (
            (this.form.packageIds.length || this.form.words.trim() || this.form.refusedIds.length) &&
            !this.signature.isSignatureEmpty &&
            this.signer
        );
    }
    get signer() {
        return (this.form.name || "").trim();
    }
    get missing() {
        if (!this.signer) {
            return _t("Name of the customer");
        }
        if (!this.form.packageIds.length && !this.form.words.trim() && !this.form.refusedIds.length) {
            return _t("A package, or the customer's words");
        }
        return this.signature.isSignatureEmpty ? _t("Signature") : "";
    }

    togglePackage(pack) {
        const ids = this.form.packageIds;
        this.form.packageIds = ids.includes(pack.id) ? ids.filter((id) => id !== pack.id) : [...ids, pack.id];
        return this.askPromise();
    }
    toggleRefused(job) {
        const ids = this.form.refusedIds;
        this.form.refusedIds = ids.includes(job.id) ? ids.filter((id) => id !== job.id) : [...ids, job.id];
    }
    addPhoto(url) {
        this.form.photos.push({ id: this.photoSeq++, url });
    }
    dropPhoto(photo) {
        this.form.photos = this.form.photos.filter((candidate) => candidate.id !== photo.id);
    }
    async submit() {
        if (!this.isReady) {
            return;
        }
        const { form, props } = this;
        const result = await props.desk.run(() =>
            this.orm.call(MODEL, "walk_in", [props.arrival.plate], {
                package_ids: form.packageIds,
                photos: form.photos.map((photo) => photo.url.split(",")[1]),
                signature: signatureData(this.signature),
                name: this.signer,
                phone: form.phone.trim() || false,
                odometer: parseInt(form.odometer) || false,
                words: form.words.trim() || false,
                key: form.key,
                no_valuables: form.noValuables,
                waits: form.waits,
                vehicle_id: props.arrival.vehicle_id || false,
                visit_id: props.arrival.visit_id || false,
                refused_job_ids: form.refusedIds,
            })
        );
        if (result) {
            props.onDone(result);
        }
    }
}
