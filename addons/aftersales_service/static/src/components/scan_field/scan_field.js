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
        this.state = useState({ text: "", items: [], open: false, chosen: -1 });
        this.asked = 0;
        useBus(this.barcode.bus, "barcode_scanned", (ev) => this.submit(ev.detail.barcode));
        // A dialog that closes leaves the focus nowhere, without an event of its own.
        useBus(this.ui.bus, "active-element-changed", () => this.refocus());
        const moved = () => this.refocus(false);
        const pressed = () => this.refocus();
        onMounted(() => {
            this.refocus();
            document.addEventListener("focusout", moved);
            document.addEventListener("click", pressed);
        });
        onWillUnmount(() => {
            document.removeEventListener("focusout", moved);
            document.removeEventListener("click", pressed);
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

    /**
     * Take the focus back as soon as nobody types anywhere else; on phones only on demand (no keyboard popping up).
     * Who walks with the Tab key keeps the focus until he presses: a scan still arrives through the barcodes service.
     */
    refocus(pressed = true) {
        if (!this.props.focus || isMobileOS()) {
            return;
        }
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            const el = this.input.el;
            const active = document.activeElement;
            const busy = active && active !== el && active.matches("input, textarea, select, [contenteditable=true]");
            const walking = !pressed && active && active !== document.body && active.matches(":focus-visible");
            const covered = this.ui.activeElement !== document && !this.ui.activeElement.contains(el);
            if (el && !busy && !walking && !covered) {
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
            Object.assign(this.state, { items: [], open: false, chosen: -1 });
            return;
        }
        this.searchTimer = setTimeout(() => this.search(term), 180);
    }
    async search(term) {
        const asked = ++this.asked;
        const items = await this.props.suggestions(term);
        if (asked === this.asked && this.state.text.trim() === term) {
            Object.assign(this.state, { items, open: true, chosen: -1 });
        }
    }
    onKeydown(ev) {
        const last = this.state.items.length - 1;
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            const chosen = this.state.open && this.state.items[this.state.chosen];
            chosen ? this.pick(chosen) : this.submit(this.state.text);
        } else if (["ArrowDown", "ArrowUp"].includes(ev.key) && this.state.open && last >= 0) {
            // From the field into the list and round again; -1 is the field itself.
            ev.preventDefault();
            const step = this.state.chosen + (ev.key === "ArrowDown" ? 1 : -1);
            this.state.chosen = step > last ? -1 : step < -1 ? last : step;
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
        Object.assign(this.state, { text: "", items: [], open: false, chosen: -1 });
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
