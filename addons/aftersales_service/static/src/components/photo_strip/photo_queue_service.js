import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const RETRY_DELAY = 5000;

/**
 * Photos on their way to the server. The queue lives as long as the page is open: without a network the
 * photos wait and are sent in order as soon as it is back; leaving the page with photos waiting asks first.
 *
 * enqueue({model, method, args, kwargs, photo, key}) calls `model.method(*args, **kwargs, photo=<base64>)`;
 * `key` groups the photos of one strip, so that a strip shows its own waiting ones.
 */
export const photoQueueService = {
    dependencies: ["orm", "notification"],
    start(env, { orm, notification }) {
        const state = reactive({ items: [], offline: false });
        let nextId = 1;
        let running = false;
        let timer = null;

        async function run() {
            if (running) {
                return;
            }
            running = true;
            clearTimeout(timer);
            try {
                let item;
                while ((item = state.items.find((candidate) => candidate.status === "waiting"))) {
                    item.status = "sending";
                    try {
                        const kwargs = { ...item.kwargs, photo: item.photo.split(",")[1] };
                        const result = await orm.silent.call(item.model, item.method, item.args, kwargs);
                        state.offline = false;
                        state.items.splice(state.items.indexOf(item), 1);
                        item.onDone?.(result);
                    } catch (error) {
                        if (error instanceof ConnectionLostError) {
                            item.status = "waiting";
                            state.offline = true;
                            timer = setTimeout(run, RETRY_DELAY);
                            return;
                        }
                        item.status = "failed";
                        item.message = error.data?.message || error.message;
                        notification.add(item.message, { type: "danger", title: _t("The photo was refused") });
                    }
                }
            } finally {
                running = false;
            }
        }

        browser.addEventListener("online", run);
        browser.addEventListener("beforeunload", (ev) => {
            if (state.items.length) {
                ev.preventDefault();
                ev.returnValue = "";
            }
        });

        return {
            state,
            enqueue(item) {
                state.items.push({ id: nextId++, status: "waiting", args: [], kwargs: {}, ...item });
                run();
            },
            retry(id) {
                const item = state.items.find((candidate) => candidate.id === id);
                if (item) {
                    item.status = "waiting";
                    run();
                }
            },
            drop(id) {
                const index = state.items.findIndex((candidate) => candidate.id === id);
                if (index >= 0 && state.items[index].status !== "sending") {
                    state.items.splice(index, 1);
                }
            },
        };
    },
};
registry.category("services").add("aftersales_photo_queue", photoQueueService);

/**
 * Make a phone's photo small enough for a workshop's network: longest side 1600 px, JPEG.
 *
 * @param {File|Blob} file
 * @param {number} [side]
 * @returns {Promise<string>} data URL
 */
export async function shrinkPhoto(file, side = 1600) {
    const dataUrl = await new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(file);
    });
    const image = new Image();
    await new Promise((resolve, reject) => {
        image.onload = resolve;
        image.onerror = () => reject(new Error(_t("This file is not a picture.")));
        image.src = dataUrl;
    });
    const ratio = Math.min(1, side / Math.max(image.width, image.height));
    if (ratio === 1 && file.size < 600000) {
        return dataUrl;
    }
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * ratio);
    canvas.height = Math.round(image.height * ratio);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.82);
}
