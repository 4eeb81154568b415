import { Component, onMounted, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { serializeDateTime } from "@web/core/l10n/dates";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { browser } from "@web/core/browser/browser";

import { PackagePicker } from "../../components/package_picker/package_picker";
import { PhotoStrip } from "../../components/photo_strip/photo_strip";

const { DateTime } = luxon;

/** Additional work from a photo: the camera opens by itself, then what is it, then to the customer. */
export class SupplementDialog extends Component {
    static template = "aftersales_service.SupplementDialog";
    static components = { Dialog, PackagePicker, PhotoStrip };
    static props = {
        close: Function,
        packages: Array,
        currencyId: { type: [Number, { value: false }], optional: true },
        search: { type: Function, optional: true },
        onConfirm: Function,
        camera: { type: Boolean, optional: true },
        offerLabel: { type: String, optional: true },
    };
    static defaultProps = { camera: true };

    setup() {
        this.state = useState({ photos: [], words: "", choice: null, safety: false, busy: false, found: null });
        onMounted(() => {
            if (this.props.camera) {
                document.querySelector(".o_as_supplement input[type=file]")?.click();
            }
        });
    }
    get items() {
        return this.state.found || this.props.packages;
    }
    get isReady() {
        return Boolean(this.state.choice || this.state.words.trim());
    }
    addPhoto(url) {
        this.state.photos.push({ id: this.state.photos.length + 1, url });
    }
    async onWords() {
        const term = this.state.words.trim();
        if (!this.props.search || term.length < 2) {
            this.state.found = null;
            return;
        }
        const asked = (this.asked = (this.asked || 0) + 1);
        const found = await this.props.search(term);
        if (asked === this.asked) {
            this.state.found = found.length ? found : null;
        }
    }
    choose(item) {
        this.state.choice = this.state.choice?.id === item.id ? null : item;
    }
    async confirm() {
        if (!this.isReady || this.state.busy) {
            return;
        }
        this.state.busy = true;
        const { choice, words, photos, safety } = this.state;
        try {
            this.props.close();
            await this.props.onConfirm({
                work: choice ? choice.id : false,
                words: words.trim() || false,
                photos: photos.map((photo) => photo.url.split(",")[1]),
                safety,
            });
        } finally {
            this.state.busy = false;
        }
    }
}

/** Consent by phone: the number and the name are there, tap who listened, tap the answer. */
export class ConsentDialog extends Component {
    static template = "aftersales_service.ConsentDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        jobs: Array,
        amount: String,
        name: { type: [String, { value: false }], optional: true },
        phone: { type: [String, { value: false }], optional: true },
        colleagues: Array,
        onConfirm: Function,
    };

    setup() {
        this.state = useState({ name: this.props.name || "", phone: this.props.phone || "", second: false, busy: false });
    }
    get title() {
        return _t("Answer by phone");
    }
    async answer(decision) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.onConfirm(decision, {
                name: this.state.name.trim(),
                phone: this.state.phone.trim(),
                second_user_id: this.state.second,
            });
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/** Tell a new time: one tap on a usual answer. */
export class NewTimeDialog extends Component {
    static template = "aftersales_service.NewTimeDialog";
    static components = { Dialog };
    static props = { close: Function, promisedAt: { type: [String, { value: false }], optional: true }, onChoose: Function };

    setup() {
        this.state = useState({ custom: "" });
        const now = DateTime.now();
        const promised = this.props.promisedAt ? deserializeDateTime(this.props.promisedAt) : now;
        const base = promised > now ? promised : now;
        const soon = (minutes) => {
            const at = base.plus({ minutes });
            return at.set({ minute: Math.ceil(at.minute / 5) * 5 % 60, second: 0, millisecond: 0 }).plus({ hours: at.minute > 55 ? 1 : 0 });
        };
        const day = (days, hour, minute = 0) => now.plus({ days }).set({ hour, minute, second: 0, millisecond: 0 });
        this.choices = [
            { key: "30", label: _t("+ 30 min"), at: soon(30) },
            { key: "60", label: _t("+ 1 h"), at: soon(60) },
            { key: "120", label: _t("+ 2 h"), at: soon(120) },
            { key: "evening", label: _t("This evening"), at: day(0, 17, 30) },
            { key: "morning", label: _t("Tomorrow morning"), at: day(1, 10, 30) },
            { key: "noon", label: _t("Tomorrow evening"), at: day(1, 17, 30) },
        ].filter((choice) => choice.at > now);
    }
    get title() {
        return _t("Tell a new time");
    }
    format(at) {
        return at.hasSame(DateTime.now(), "day") ? at.toFormat("HH:mm") : at.toFormat("MM-dd HH:mm");
    }
    async choose(at) {
        this.props.close();
        await this.props.onChoose(serializeDateTime(at));
    }
    chooseCustom() {
        if (this.state.custom) {
            this.choose(DateTime.fromISO(this.state.custom));
        }
    }
}

/** What was sent to the customer: the code he scans, the link, or sign right here. */
export class OfferDialog extends Component {
    static template = "aftersales_service.OfferDialog";
    static components = { Dialog };
    static props = { close: Function, offer: Object, amount: String, onSign: Function };

    get title() {
        return _t("%s for signature", this.props.offer.name);
    }
    get qr() {
        return `/report/barcode/QR/${encodeURIComponent(this.props.offer.url)}?width=220&height=220`;
    }
    copy() {
        return browser.navigator.clipboard?.writeText(this.props.offer.url);
    }
    sign() {
        this.props.close();
        this.props.onSign();
    }
}

/** The last look before the till: what is due, what the next service is. */
export class HandOverDialog extends Component {
    static template = "aftersales_service.HandOverDialog";
    static components = { Dialog };
    static props = { close: Function, order: Object, due: String, onConfirm: Function };

    get title() {
        return _t("Hand over %s", this.props.order.plate);
    }
    async confirm() {
        this.props.close();
        await this.props.onConfirm();
    }
}
