import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { isMobileOS } from "@web/core/browser/feature_detection";
import { useBus, useService } from "@web/core/utils/hooks";

/**
 * A scan field that always has the focus while nothing else is being typed in: the keyboard wedge types
 * into it or, when the focus is elsewhere, arrives through the barcodes service. With HTTPS (or localhost)
 * the camera button scans in the page.
 *
 * Props: onScan(code), placeholder, focus (default true), camera (default true), suggestions: async (term) =>
 * [{id, ...}] with a named slot "suggestion" ({item}), onPick(item), minChars.
 */
export class ScanField extends Component {
    static template = "aftersales_service.ScanField";
    static props = {
        onScan: Function,
        placeholder: { type: String, optional: true },
        focus: { type: Boolean, optional: true },
        camera: { type: Boolean, optional: true },
        big: { type: Boolean, optional: true },
        suggestions: { type: Function, optional: true },
        onPick: { type: Function, optional: true },
        minChars: { type: Number, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = { focus: true, camera: true, big: false, minChars: 3 };

    setup() {
        this.input = useRef("input");
        this.ui = useService("ui");
        this.notification = useService("notification");
        this.barcode = useService("barcode");
        this.state = useState({ text: "", items: [], open: false });
        this.asked = 0;
        useBus(this.barcode.bus, "barcode_scanned", (ev) => this.submit(ev.detail.barcode));
        const refocus = () => this.refocus();
        onMounted(() => {
            this.refocus();
            document.addEventListener("focusout", refocus);
            document.addEventListener("click", refocus);
        });
        onWillUnmount(() => {
            document.removeEventListener("focusout", refocus);
            document.removeEventListener("click", refocus);
            clearTimeout(this.timer);
            clearTimeout(this.searchTimer);
        });
    }

    get hasCamera() {
        return this.props.camera && window.isSecureContext && isBarcodeScannerSupported();
    }
    get placeholder() {
        return this.props.placeholder || _t("Scan or type…");
    }

    /** Take the focus back as soon as nobody types anywhere else; on phones only on demand (no keyboard popping up). */
    refocus() {
        if (!this.props.focus || isMobileOS()) {
            return;
        }
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            const el = this.input.el;
            const active = document.activeElement;
            const busy = active && active !== el && active.matches("input, textarea, select, [contenteditable=true]");
            const covered = this.ui.activeElement !== document && !this.ui.activeElement.contains(el);
            if (el && !busy && !covered) {
                el.focus({ preventScroll: true });
            }
        }, 60);
    }
    onInput(ev) {
        this.state.text = ev.target.value;
        if (!this.props.suggestions) {
            return;
        }
        clearTimeout(this.searchTimer);
        const term = this.state.text.trim();
        if (term.length < this.props.minChars) {
            this.state.items = [];
            this.state.open = false;
            return;
        }
        this.searchTimer = setTimeout(() => this.search(term), 180);
    }
    async search(term) {
        const asked = ++this.asked;
        const items = await this.props.suggestions(term);
        if (asked === this.asked && this.state.text.trim() === term) {
            this.state.items = items;
            this.state.open = true;
        }
    }
    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            this.submit(this.state.text);
        } else if (ev.key === "Escape") {
            this.clear();
        }
    }
    submit(code) {
        const text = (code || "").trim();
        this.clear();
        if (text) {
            this.props.onScan(text);
        }
    }
    pick(item) {
        this.clear();
        this.props.onPick?.(item);
    }
    clear() {
        this.asked++;
        Object.assign(this.state, { text: "", items: [], open: false });
    }
    async openCamera() {
        try {
            const code = await scanBarcode(this.env);
            if (code) {
                window.navigator.vibrate?.(80);
                this.submit(code);
            }
        } catch (error) {
            this.notification.add(error.message || _t("The camera gave no code."), { type: "warning" });
        }
    }
}
