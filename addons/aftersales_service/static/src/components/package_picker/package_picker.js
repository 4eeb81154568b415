import { Component, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";

/**
 * Service packages as tiles; the ones that fit the car come first.
 * `packages`: [{id, name, amount, hours, hint}] ; several may be chosen when `multiple`.
 */
export class PackagePicker extends Component {
    static template = "aftersales_service.PackagePicker";
    static props = {
        packages: Array,
        selected: { type: Array, optional: true },
        onSelect: Function,
        currencyId: { type: [Number, { value: false }], optional: true },
        limit: { type: Number, optional: true },
    };
    static defaultProps = { selected: [], limit: 8 };

    setup() {
        this.state = useState({ all: false, term: "" });
    }
    get visible() {
        const term = this.state.term.trim().toLowerCase();
        const found = term
            ? this.props.packages.filter((pack) => pack.name.toLowerCase().includes(term))
            : this.props.packages;
        return this.state.all || term ? found : found.slice(0, this.props.limit);
    }
    amount(pack) {
        return pack.amount ? formatCurrency(pack.amount, this.props.currencyId) : "";
    }
}
