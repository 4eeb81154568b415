import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { sprintf } from "@web/core/utils/strings";

const { DateTime } = luxon;

// One ticking clock for every promise on the screen.
const listeners = new Set();
let ticker = null;
function subscribe(callback) {
    listeners.add(callback);
    ticker = ticker || setInterval(() => listeners.forEach((listener) => listener()), 20000);
    return () => {
        listeners.delete(callback);
        if (!listeners.size) {
            clearInterval(ticker);
            ticker = null;
        }
    };
}

/**
 * Words and hue for a promise.
 *
 * @param {DateTime|null} at when the car was promised
 * @param {DateTime} now
 * @param {number} soon minutes before the promise at which it turns amber
 * @returns {{text: string, tone: string}}
 */
export function describePromise(at, now = DateTime.now(), soon = 30) {
    if (!at || !at.isValid) {
        return { text: "—", tone: "mute" };
    }
    const minutes = Math.floor(at.diff(now, "minutes").minutes);
    if (minutes < 0) {
        const late = -minutes;
        if (late >= 48 * 60) {
            return { text: sprintf(_t("%s days late"), Math.floor(late / 1440)), tone: "late" };
        }
        return late >= 120
            ? { text: sprintf(_t("%s h late"), Math.floor(late / 60)), tone: "late" }
            : { text: sprintf(_t("%s min late"), late), tone: "late" };
    }
    if (minutes <= soon) {
        return { text: sprintf(_t("%s min left"), minutes), tone: "soon" };
    }
    if (at.hasSame(now, "day")) {
        return { text: at.toFormat("HH:mm"), tone: "plain" };
    }
    if (at.hasSame(now.plus({ days: 1 }), "day")) {
        return { text: sprintf(_t("Tomorrow %s"), at.toFormat("HH:mm")), tone: "plain" };
    }
    return { text: at.toFormat("MM-dd HH:mm"), tone: "plain" };
}

/** Time left until a promise; counts by itself and turns amber, then red. */
export class MinutesLeft extends Component {
    static template = "aftersales_service.MinutesLeft";
    static props = {
        at: { type: [String, Object, { value: false }], optional: true }, // server string (UTC) or luxon
        soon: { type: Number, optional: true },
    };
    static defaultProps = { soon: 30 };

    setup() {
        this.clock = useState({ tick: 0 });
        onWillUnmount(subscribe(() => this.clock.tick++));
    }
    get at() {
        const at = this.props.at;
        return typeof at === "string" ? deserializeDateTime(at) : at || null;
    }
    get promise() {
        this.clock.tick; // re-evaluated on each tick
        return describePromise(this.at, DateTime.now(), this.props.soon);
    }
    get title() {
        return this.at ? this.at.toFormat("yyyy-MM-dd HH:mm") : "";
    }
}

/** Field widget `aftersales_minutes_left` for a datetime. */
export class MinutesLeftField extends Component {
    static template = "aftersales_service.MinutesLeftField";
    static components = { MinutesLeft };
    static props = { ...standardFieldProps };

    get at() {
        return this.props.record.data[this.props.name] || false;
    }
}

registry.category("fields").add("aftersales_minutes_left", {
    component: MinutesLeftField,
    displayName: _t("Time left"),
    supportedTypes: ["datetime"],
    extractProps: () => ({}),
});
