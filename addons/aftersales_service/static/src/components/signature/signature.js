import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { NameAndSignature } from "@web/core/signature/name_and_signature";

/**
 * Signature pad in the page: Odoo's own, drawing only.
 * `signature` is a useState({name, isSignatureEmpty: true}) of the caller; read it with `signature.getSignatureImage()`.
 */
export class SignaturePad extends Component {
    static template = "aftersales_service.SignaturePad";
    static components = { NameAndSignature };
    static props = {
        signature: Object,
        ratio: { type: Number, optional: true },
        onChange: { type: Function, optional: true },
    };
    static defaultProps = { ratio: 3.4, onChange: () => {} };
}

/** Ask for a signature: name, what is signed, one big button. `onSign({name, signature})` gets base64 without header. */
export class SignDialog extends Component {
    static template = "aftersales_service.SignDialog";
    static components = { Dialog, SignaturePad };
    static props = {
        close: Function,
        title: { type: String, optional: true },
        statement: { type: String, optional: true },
        name: { type: [String, { value: false }], optional: true },
        label: { type: String, optional: true },
        onSign: Function,
    };

    setup() {
        this.signature = useState({ name: this.props.name || "", isSignatureEmpty: true });
        this.state = useState({ busy: false });
    }
    get title() {
        return this.props.title || _t("Signature");
    }
    get label() {
        return this.props.label || _t("Sign");
    }
    async sign() {
        this.state.busy = true;
        try {
            await this.props.onSign({
                name: this.signature.name,
                signature: signatureData(this.signature),
            });
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/**
 * @param {Object} signature state of a pad
 * @returns {string|false} base64 PNG without the data URL header, false when nothing was drawn
 */
export function signatureData(signature) {
    return signature.isSignatureEmpty ? false : signature.getSignatureImage().split(",")[1];
}
