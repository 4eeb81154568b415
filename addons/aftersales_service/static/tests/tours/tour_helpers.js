/** Helpers of the desk tours: they count the clicks, take photos, sign and scan like a person would. */

let clicks = 0;
let listening = false;

/** Every click that a person makes counts; the ones a program makes (opening the file chooser) do not. */
function listen() {
    if (!listening) {
        document.addEventListener(
            "click",
            (ev) => {
                if (!ev.target.matches("input[type=file], input, textarea, canvas, a[download]")) {
                    clicks++;
                }
            },
            { capture: true }
        );
        listening = true;
    }
}

/** Begin to count. */
export function startCounting(trigger = ".o_as_desk") {
    return {
        content: "start counting clicks",
        trigger,
        run() {
            listen();
            clicks = 0;
        },
    };
}

/** Fail when the job took more clicks than the budget of docs/desks.md. */
export function withinBudget(budget, trigger = ".o_as_desk") {
    return {
        content: `at most ${budget} clicks`,
        trigger,
        run() {
            if (clicks > budget) {
                throw new Error(`${clicks} clicks instead of ${budget}`);
            }
            if (clicks === 0 && budget > 0) {
                throw new Error("no click was counted: the counter does not work");
            }
        },
    };
}

/** A click that counts. */
export function tap(trigger, content = `tap ${trigger}`) {
    return { content, trigger, run: "click" };
}

/** Something that must be there, without doing anything. */
export function see(trigger, content = `see ${trigger}`) {
    return { content, trigger, run() {} };
}

/** Type into a field without a click: free text and scans do not count. */
export function type(trigger, text) {
    return {
        content: `type ${text}`,
        trigger,
        run() {
            const input = document.querySelector(trigger);
            input.focus();
            input.value = text;
            input.dispatchEvent(new Event("input", { bubbles: true }));
            input.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

/** Scan a code: the wedge types into the field that has the focus and ends with Enter. */
export function scan(code, trigger = ".o_as_scan_input") {
    return {
        content: `scan ${typeof code === "function" ? "a code" : code}`,
        trigger,
        run() {
            const input = document.querySelector(trigger);
            input.value = typeof code === "function" ? code() : code;
            input.dispatchEvent(new Event("input", { bubbles: true }));
            input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
        },
    };
}

/** Press a key in the scan field. */
export function press(key, trigger = ".o_as_scan_input") {
    return {
        content: `press ${key}`,
        trigger,
        run() {
            document.querySelector(trigger).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        },
    };
}

/** The camera gives a picture to the (opened) file input. */
export function photograph(trigger = ".o_as_photos input[type=file]") {
    return {
        content: "the camera takes a photo",
        trigger: `${trigger}:not(:visible)`,
        async run() {
            const canvas = document.createElement("canvas");
            canvas.width = 320;
            canvas.height = 240;
            const context = canvas.getContext("2d");
            context.fillStyle = "#456";
            context.fillRect(0, 0, 320, 240);
            context.fillStyle = "#fff";
            context.fillText("photo", 40, 60);
            const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
            const transfer = new DataTransfer();
            transfer.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
            const input = document.querySelector(trigger);
            input.files = transfer.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

/** Draw a signature. */
export function draw(trigger = ".o_web_sign_signature") {
    return {
        content: "the customer signs",
        trigger: `canvas${trigger}`,
        async run() {
            const canvas = document.querySelector(trigger);
            const box = canvas.getBoundingClientRect();
            const at = (x, y) => ({
                bubbles: true,
                cancelable: true,
                isPrimary: true,
                pointerId: 1,
                pointerType: "pen",
                clientX: box.left + x,
                clientY: box.top + y,
            });
            canvas.dispatchEvent(new PointerEvent("pointerdown", { ...at(20, 20), button: 0, buttons: 1 }));
            for (const [x, y] of [[40, 30], [60, 20], [80, 40], [110, 25]]) {
                await new Promise((resolve) => setTimeout(resolve, 20));
                window.dispatchEvent(new PointerEvent("pointermove", { ...at(x, y), buttons: 1 }));
                canvas.dispatchEvent(new PointerEvent("pointermove", { ...at(x, y), buttons: 1 }));
            }
            canvas.dispatchEvent(new PointerEvent("pointerup", { ...at(110, 25), button: 0, buttons: 0 }));
            window.dispatchEvent(new PointerEvent("pointerup", { ...at(110, 25), button: 0, buttons: 0 }));
        },
    };
}
