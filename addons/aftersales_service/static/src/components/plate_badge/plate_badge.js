import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** Kinds of the server (`rules/plate.py`) → colours of the badge. */
const COLOURS = {
    blue: "blue",
    green: "green",
    yellow_green: "green_large",
    yellow: "yellow",
    white: "white",
    black: "black",
    temporary: "white",
    other: "none",
};

/**
 * Guess the colour of a plate from its characters alone, for screens that have no server-side kind yet.
 *
 * @param {string} plate
 * @returns {string} a key of the plate colours
 */
export function plateColour(plate) {
    const text = (plate || "").toUpperCase().replace(/[\s·.-]/g, "");
    if (!text) {
        return "none";
    }
    if (/警$|应急$|临/.test(text)) {
        return "white";
    }
    if (/[使领港澳]/.test(text)) {
        return "black";
    }
    if (/[挂学]$/.test(text)) {
        return "yellow";
    }
    if (/^[一-龥][A-Z][0-9A-Z]{6}$/.test(text)) {
        return /^..[0-9]{5}[A-HJK]$/.test(text) ? "green_large" : "green";
    }
    return /^[一-龥][A-Z]/.test(text) ? "blue" : "none";
}

/**
 * Split a plate the way it is stamped: province and letter, dot, number.
 *
 * @param {string} plate
 * @returns {[string, string]} head ("" when the text is no plate) and the rest
 */
export function platePieces(plate) {
    const text = (plate || "").toUpperCase().replace(/[\s·]/g, "");
    return /^[一-龥][A-Z]/.test(text) ? [text.slice(0, 2), text.slice(2)] : ["", text];
}

/** A number plate as it looks on the road: blue, green for new energy, yellow, white or black. */
export class PlateBadge extends Component {
    static template = "aftersales_service.PlateBadge";
    static props = {
        plate: { type: [String, { value: false }], optional: true },
        kind: { type: [String, { value: false }], optional: true },
        size: { type: String, optional: true }, // "sm" | "md" | "lg" | "xl"
    };
    static defaultProps = { size: "md" };

    get colour() {
        return COLOURS[this.props.kind] || plateColour(this.props.plate);
    }
    get pieces() {
        return platePieces(this.props.plate);
    }
}

/** Field widget `aftersales_plate`: the badge when reading, an ordinary text field when typing. */
export class PlateField extends CharField {
    static template = "aftersales_service.PlateField";
    static components = { ...CharField.components, PlateBadge };
    static props = {
        ...CharField.props,
        kindField: { type: String, optional: true },
        size: { type: String, optional: true },
    };

    get plate() {
        return this.props.record.data[this.props.name] || "";
    }
    get kind() {
        return (this.props.kindField && this.props.record.data[this.props.kindField]) || false;
    }
}

export const plateField = {
    ...charField,
    component: PlateField,
    displayName: _t("Number plate"),
    supportedTypes: ["char"],
    supportedOptions: [
        {
            label: _t("Plate kind field"),
            name: "kind_field",
            type: "field",
            availableTypes: ["selection", "char"],
            help: _t("Field with the colour of the plate; without it the colour follows from the characters."),
        },
        { label: _t("Size"), name: "size", type: "string", help: _t("sm, md, lg or xl.") },
    ],
    extractProps: (params, dynamicInfo) => ({
        ...charField.extractProps(params, dynamicInfo),
        kindField: params.options.kind_field || (params.viewType && "plate_kind"),
        size: params.options.size,
    }),
};
registry.category("fields").add("aftersales_plate", plateField);
