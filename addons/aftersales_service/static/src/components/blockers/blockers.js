import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";

/**
 * "Cannot yet, because…": every reason at once, each with the button to its cure.
 * Reasons are the JSON of the gate mixin: {code, message, level, gate, cure: {label, action}|null}.
 */
export class BlockerList extends Component {
    static template = "aftersales_service.BlockerList";
    static props = {
        blockers: Array,
        onCured: { type: Function, optional: true },
        title: { type: String, optional: true },
        className: { type: String, optional: true },
    };

    setup() {
        this.action = useService("action");
    }
    tone(blocker) {
        return blocker.level === "warn" ? "soon" : "late";
    }
    async cure(blocker) {
        await this.action.doAction(blocker.cure.action, { onClose: () => this.props.onCured?.() });
    }
}

/** The same list as a dialog, for a verb that was refused. */
export class BlockerDialog extends Component {
    static template = "aftersales_service.BlockerDialog";
    static components = { Dialog, BlockerList };
    static props = {
        close: Function,
        title: { type: String, optional: true },
        blockers: Array,
        onCured: { type: Function, optional: true },
        onOverride: { type: Function, optional: true },
    };
    get title() {
        return this.props.title || _t("Cannot yet, because…");
    }
    get canOverride() {
        return this.props.onOverride && this.props.blockers.every((blocker) => blocker.level !== "block");
    }
    cured() {
        this.props.close();
        this.props.onCured?.();
    }
    override() {
        this.props.close();
        this.props.onOverride();
    }
}
