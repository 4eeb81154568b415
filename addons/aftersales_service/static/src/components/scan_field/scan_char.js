import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** A char field of a form into which a code is scanned: typed by the scanner, or read by the camera of the phone. */
export class ScanCharField extends CharField {
    static template = "aftersales_service.ScanCharField";

    setup() {
        super.setup();
        this.notification = useService("notification");
    }
    get hasCamera() {
        return !this.props.readonly && window.isSecureContext && isBarcodeScannerSupported();
    }
    async openCamera() {
        try {
            const code = await scanBarcode(this.env);
            if (code) {
                window.navigator.vibrate?.(80);
                await this.props.record.update({ [this.props.name]: code });
            }
        } catch (error) {
            this.notification.add(error.message, { type: "warning" });
        }
    }
}

registry.category("fields").add("aftersales_scan", { ...charField, component: ScanCharField });
