import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Status of a car → hue. The values are those of `aftersales_status`. */
export const STATUS_TONES = {
    late: "late",
    soon: "soon",
    waiting_parts: "late",
    waiting_consent: "wait",
    waiting_oem: "info",
    paused: "mute",
    ok: "ok",
};

/** State of an order → hue, so that a state looks alike on every desk. */
export const STATE_TONES = {
    draft: "mute",
    quoted: "wait",
    authorised: "info",
    in_progress: "soon",
    inspecting: "info",
    ready: "ok",
    released: "mute",
    closed: "mute",
};

/** A small pill: a text and one of the hues ok, soon, late, wait, info, mute. */
export class StatusChip extends Component {
    static template = "aftersales_service.StatusChip";
    static props = {
        label: { type: [String, Number, { value: false }], optional: true },
        tone: { type: [String, { value: false }], optional: true },
        icon: { type: String, optional: true },
    };

    get tone() {
        const tone = this.props.tone;
        return STATUS_TONES[tone] || STATE_TONES[tone] || tone || "mute";
    }
}

/** Field widget `aftersales_status`: a selection as a chip in the hue of its value. */
export class StatusField extends Component {
    static template = "aftersales_service.StatusField";
    static components = { StatusChip };
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }
    get label() {
        const option = (this.props.record.fields[this.props.name].selection || []).find((o) => o[0] === this.value);
        return option ? option[1] : this.value;
    }
}

registry.category("fields").add("aftersales_status", {
    component: StatusField,
    displayName: _t("After-sales status"),
    supportedTypes: ["selection", "char"],
    extractProps: () => ({}),
});
