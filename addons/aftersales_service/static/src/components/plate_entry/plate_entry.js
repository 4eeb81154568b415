import { Component, onMounted, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { hasTouch } from "@web/core/browser/feature_detection";
import { PlateBadge, plateColour } from "../plate_badge/plate_badge";

const PROVINCES = "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川贵云陕甘青蒙桂宁新藏使".split("");

/**
 * Plate entry: a province key and the 6 characters behind it (7 for new energy).
 *
 * Props: prefix (e.g. "苏E": province and city of most cars of this shop), onSubmit(plate),
 * suggestions: async (term) => [{id, plate, plate_kind, name, …}], onPick(item), autofocus.
 * Typing or pasting a whole plate works too: a Chinese character moves to the province key.
 */
export class PlateEntry extends Component {
    static template = "aftersales_service.PlateEntry";
    static components = { PlateBadge };
    static props = {
        prefix: { type: [String, { value: false }], optional: true },
        value: { type: [String, { value: false }], optional: true },
        onSubmit: Function,
        onPick: { type: Function, optional: true },
        suggestions: { type: Function, optional: true },
        autofocus: { type: Boolean, optional: true },
        submitLabel: { type: String, optional: true },
        busy: { type: Boolean, optional: true },
    };
    static defaultProps = { autofocus: false, busy: false };

    setup() {
        this.input = useRef("input");
        this.provinces = PROVINCES;
        this.state = useState({ province: "", rest: "", grid: false, items: [] });
        this.asked = 0;
        this.reset(this.props);
        onWillUpdateProps((next) => {
            if (next.prefix !== this.props.prefix && !this.typed) {
                this.reset(next);
            }
        });
        onMounted(() => {
            if (this.props.autofocus && !hasTouch()) {
                this.input.el.focus();
            }
        });
    }

    reset(props) {
        const value = props.value || "";
        this.typed = Boolean(value);
        this.state.province = (value || props.prefix || "京")[0];
        this.state.rest = value ? value.slice(1) : "";
        this.state.items = [];
        this.asked++;
    }

    get hasCamera() {
        return window.isSecureContext && isBarcodeScannerSupported();
    }
    get cityHint() {
        return (this.props.prefix || "").slice(1);
    }
    get plate() {
        let rest = this.state.rest;
        if (/^[0-9]/.test(rest) || (rest && rest.length <= 5 && !/^[A-Z]/.test(rest))) {
            rest = this.cityHint + rest; // the city letter of the shop may be left out
        }
        return this.state.province + rest;
    }
    get colour() {
        return this.isComplete ? plateColour(this.plate) : "none";
    }
    get isComplete() {
        return /^[一-龥][A-Z][0-9A-Z]{4,5}[0-9A-Z挂学警港澳领]$/.test(this.plate) || /^使[0-9]{6}$/.test(this.plate);
    }
    get placeholder() {
        return `${this.cityHint || "A"}12345`;
    }
    get submitLabel() {
        return this.props.submitLabel || _t("Go");
    }

    onInput(ev) {
        let text = ev.target.value.toUpperCase().replace(/[\s·.\-]/g, "");
        const head = text.match(/^[一-龥]/);
        if (head && PROVINCES.includes(head[0])) {
            this.state.province = head[0];
            text = text.slice(1);
        }
        this.typed = true;
        this.state.rest = text.slice(0, 8);
        ev.target.value = this.state.rest;
        this.state.grid = false;
        this.lookUp();
    }
    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            this.submit();
        }
    }
    async lookUp() {
        if (!this.props.suggestions) {
            return;
        }
        const asked = ++this.asked;
        const term = this.state.rest;
        if (term.length < 3) {
            this.state.items = [];
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 180));
        if (asked !== this.asked) {
            return;
        }
        const items = await this.props.suggestions(term);
        if (asked === this.asked) {
            this.state.items = items;
        }
    }
    chooseProvince(province) {
        this.state.province = province;
        this.state.grid = false;
        this.input.el.focus();
    }
    submit() {
        if (this.isComplete && !this.props.busy) {
            const plate = this.plate;
            this.reset({ prefix: this.props.prefix });
            this.props.onSubmit(plate);
        } else {
            this.input.el.focus();
        }
    }
    pick(item) {
        this.reset({ prefix: this.props.prefix });
        (this.props.onPick || ((chosen) => this.props.onSubmit(chosen.plate)))(item);
    }
    async openCamera() {
        const code = await scanBarcode(this.env).catch(() => false);
        if (code) {
            this.onInput({ target: { value: code } });
            this.submit();
        }
    }
}
