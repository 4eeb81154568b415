import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { shrinkPhoto } from "./photo_queue_service";

/**
 * Pictures of a car with a camera tile at the end.
 *
 * Two ways to use it:
 * - `upload` ({model, method, args, kwargs}): a new photo goes into the queue at once and survives a network outage;
 * - `onPhoto(dataUrl)`: the photo stays with the caller (a walk-in that is sent as a whole).
 * `photos`: [{id, url, caption, damage}] as stored on the server.
 */
export class PhotoStrip extends Component {
    static template = "aftersales_service.PhotoStrip";
    static props = {
        photos: { type: Array, optional: true },
        upload: { type: Object, optional: true },
        onPhoto: { type: Function, optional: true },
        onUploaded: { type: Function, optional: true },
        onRemove: { type: Function, optional: true },
        stripKey: { type: String, optional: true },
        label: { type: String, optional: true },
        readonly: { type: Boolean, optional: true },
    };
    static defaultProps = { photos: [], readonly: false };

    setup() {
        this.file = useRef("file");
        this.notification = useService("notification");
        this.queue = useService("aftersales_photo_queue");
        this.queueState = useState(this.queue.state);
        this.viewer = useFileViewer();
    }

    get key() {
        return this.props.stripKey || JSON.stringify(this.props.upload || {});
    }
    get label() {
        return this.props.label || _t("Photo");
    }
    get waiting() {
        return this.queueState.items.filter((item) => item.key === this.key);
    }
    openCamera() {
        this.file.el.click();
    }
    async onFiles(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        for (const file of files) {
            let photo;
            try {
                photo = await shrinkPhoto(file);
            } catch (error) {
                this.notification.add(error.message, { type: "warning" });
                continue;
            }
            if (this.props.upload) {
                this.queue.enqueue({
                    ...this.props.upload,
                    key: this.key,
                    photo,
                    onDone: (result) => this.props.onUploaded?.(result),
                });
            } else {
                this.props.onPhoto?.(photo);
            }
        }
    }
    view(photo) {
        const files = this.props.photos
            .filter((candidate) => candidate.url)
            .map((candidate) => ({
                isImage: true,
                isViewable: true,
                name: candidate.caption || _t("Photo"),
                displayName: candidate.caption || _t("Photo"),
                defaultSource: candidate.url,
                downloadUrl: candidate.url,
                id: candidate.id,
            }));
        this.viewer.open(
            files.find((file) => file.id === photo.id),
            files
        );
    }
}
