import { Component, useState } from "@odoo/owl";
import { NameAndSignature } from "@web/core/signature/name_and_signature";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { redirect } from "@web/core/utils/urls";

/**
 * The employee signs on his own page: drawing only, one thumb, note and signature in one send.
 * All words come from the page, which is translated on the server.
 */
export class OwnSignature extends Component {
    static template = "aftersales_service.OwnSignature";
    static components = { NameAndSignature };
    static props = {
        callUrl: String,
        name: String,
        send: String,
        note: { type: [String, Boolean], optional: true },
        agreed: { type: [String, Boolean], optional: true },
        disagreed: { type: [String, Boolean], optional: true },
    };

    setup() {
        this.state = useState({ busy: false, error: "", note: "", answer: "agreed" });
        this.signature = useState({
            name: this.props.name,
            isSignatureEmpty: true,
            getSignatureImage: () => "",
            resetSignature: () => {},
        });
    }

    async send() {
        this.state.busy = true;
        this.state.error = "";
        const params = { signature: this.signature.getSignatureImage().split(",")[1] };
        if (this.props.note) {
            Object.assign(params, { note: this.state.note, agreed: this.state.answer === "agreed" });
        }
        try {
            const answer = await rpc(this.props.callUrl, params);
            if (answer.redirect) {
                redirect(answer.redirect);
                return; // stays busy until the page is gone
            }
            this.state.error = answer.error;
        } catch (error) {
            this.state.error = error.message || String(error);
        }
        this.state.busy = false;
    }
}

registry.category("public_components").add("aftersales_service.own_signature", OwnSignature);
