import { Component, onWillUpdateProps, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { Dialog } from "@web/core/dialog/dialog";

/** Digits for gloves: quantity or amount. `onChange(text)` on each key, the physical keyboard works too. */
export class Keypad extends Component {
    static template = "aftersales_service.Keypad";
    static props = {
        value: String,
        onChange: Function,
        onEnter: { type: Function, optional: true },
        decimals: { type: Boolean, optional: true },
    };
    static defaultProps = { decimals: true };

    setup() {
        this.fresh = true; // the first key replaces the proposed value
        this.text = this.props.value; // keys may come faster than the next rendering
        onWillUpdateProps((next) => {
            this.text = next.value;
        });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
    }
    get point() {
        return localization.decimalPoint || ".";
    }
    get keys() {
        return ["7", "8", "9", "4", "5", "6", "1", "2", "3", this.props.decimals ? this.point : "00", "0", "⌫"];
    }
    onKeydown(ev) {
        if (ev.target.matches?.("input, textarea")) {
            return;
        }
        if (/^[0-9]$/.test(ev.key)) {
            this.press(ev.key);
        } else if ([".", ","].includes(ev.key) && this.props.decimals) {
            this.press(this.point);
        } else if (ev.key === "Backspace") {
            this.press("⌫");
        } else if (ev.key === "Enter" && this.props.onEnter) {
            this.props.onEnter();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
    press(key) {
        let value = this.fresh && key !== "⌫" ? "" : this.text;
        this.fresh = false;
        if (key === "⌫") {
            value = value.slice(0, -1);
        } else if (key === this.point) {
            value = value.includes(this.point) ? value : (value || "0") + key;
        } else {
            value = (value === "0" ? "" : value) + key;
        }
        this.text = value;
        this.props.onChange(value);
    }
}

/** @returns {number} the number a keypad text stands for, NaN when it is none */
export function keypadNumber(text) {
    return text === "" ? NaN : Number(text.replace(localization.decimalPoint || ".", "."));
}

/** @returns {string} the text a keypad starts with */
export function keypadText(number, digits = 2) {
    return number ? Number(number).toFixed(digits).replace(/\.?0+$/, "").replace(".", localization.decimalPoint || ".") : "0";
}

/** Keypad in a dialog, with quick choices. */
export class KeypadDialog extends Component {
    static template = "aftersales_service.KeypadDialog";
    static components = { Dialog, Keypad };
    static props = {
        close: Function,
        title: String,
        value: { type: Number, optional: true },
        unit: { type: String, optional: true },
        label: { type: String, optional: true },
        decimals: { type: Boolean, optional: true },
        max: { type: Number, optional: true },
        choices: { type: Array, optional: true }, // [{id, label}] asked together with the number, e.g. the means
        onConfirm: Function, // (number, choiceId)
    };
    static defaultProps = { value: 0, decimals: true };

    setup() {
        this.state = useState({
            text: keypadText(this.props.value),
            choice: this.props.choices?.[0]?.id ?? false,
            busy: false,
        });
    }
    get label() {
        return this.props.label || _t("Confirm");
    }
    get number() {
        return keypadNumber(this.state.text);
    }
    get isValid() {
        return this.number > 0 && !(this.props.max !== undefined && this.number > this.props.max + 1e-9);
    }
    async confirm(choice) {
        if (!this.isValid || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.onConfirm(this.number, choice ?? this.state.choice);
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}
