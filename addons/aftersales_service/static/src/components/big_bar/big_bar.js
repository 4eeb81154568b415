import { Component } from "@odoo/owl";

/**
 * The bar with the big buttons, at the bottom of a phone within reach of the thumb.
 * `actions`: [{key, label, icon, tone: "go"|"primary"|"stop"|"", disabled, onClick, hint}]
 */
export class BigBar extends Component {
    static template = "aftersales_service.BigBar";
    static props = { actions: Array, busy: { type: Boolean, optional: true } };
}
