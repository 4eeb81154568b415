import { Component } from "@odoo/owl";

/** Frame of every desk: title, search or scan field, an end slot, and a line that tells when the network is away. */
export class Desk extends Component {
    static template = "aftersales_service.Desk";
    static props = {
        title: String,
        name: String,
        offline: { type: Boolean, optional: true },
        hasCar: { type: Boolean, optional: true },
        slots: Object,
    };
}
