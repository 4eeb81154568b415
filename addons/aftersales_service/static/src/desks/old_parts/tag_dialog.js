import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

import { PhotoStrip } from "../../components/photo_strip/photo_strip";

/** The technician tags what came off: a photo, the number on it, one button. */
export class TagOldPartDialog extends Component {
    static template = "aftersales_service.TagOldPartDialog";
    static components = { Dialog, PhotoStrip };
    static props = { close: Function, line: Object, onTag: Function };

    setup() {
        this.state = useState({ photos: [], serial: "", note: "", busy: false });
    }
    addPhoto(url) {
        this.state.photos = [{ id: 1, url }];
    }
    async tag() {
        this.state.busy = true;
        this.props.close();
        await this.props.onTag({
            serial: this.state.serial.trim() || false,
            note: this.state.note.trim() || false,
            photo: this.state.photos[0]?.url.split(",")[1] || false,
        });
    }
}
