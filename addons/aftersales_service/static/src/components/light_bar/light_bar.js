import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Colours that need no name elsewhere: what a screen reader says of a light. */
export const COLOUR_NAMES = { green: _t("green"), amber: _t("amber"), red: _t("red") };

/** Twelve lights of a claim in a row; each says why, a click opens where it is mended. */
export class LightBar extends Component {
    static template = "aftersales_service.LightBar";
    static props = { lights: Array, onLight: { type: Function, optional: true } };

    title(light) {
        return `${light.name}: ${light.why}`;
    }
    label(light) {
        return `${light.name}, ${COLOUR_NAMES[light.colour]}: ${light.why}`;
    }
    onClick(ev, light) {
        ev.stopPropagation();
        this.props.onLight?.(light);
    }
}

/** Field widget `aftersales_lights`: the bar, or with `full` the lights one under the other with their reasons. */
export class LightBarField extends Component {
    static template = "aftersales_service.LightBarField";
    static components = { LightBar };
    static props = { ...standardFieldProps, isFull: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }
    get lights() {
        return this.props.record.data[this.props.name] || [];
    }
    async open(light) {
        const { record } = this.props;
        const action = await this.orm.call(record.resModel, "action_cure_light", [[record.resId], light.code]);
        const isHere = action.res_model === record.resModel && action.res_id === record.resId;
        if (!isHere || record.model.config.viewType !== "form") {
            await this.action.doAction(action, { onClose: () => record.load() });
        }
    }
}

export const lightBarField = {
    component: LightBarField,
    displayName: _t("Lights"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ isFull: Boolean(options.full) }),
};

registry.category("fields").add("aftersales_lights", lightBarField);
