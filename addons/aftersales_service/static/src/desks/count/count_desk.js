import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { BigBar } from "../../components/big_bar/big_bar";
import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { Keypad, keypadNumber } from "../../components/keypad/keypad";
import { ScanField } from "../../components/scan_field/scan_field";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.count";
const SHOWN = 60; // lines listed at once; the scanner finds the others
const NUMBER = /^\d{1,5}([.,]\d{1,3})?$/;

/**
 * Counting on the phone: scan a part, type the number, next. Whatever the book says stays on the server.
 * The number may come from the keypad or, like the scan, from the keyboard into the same field.
 */
export class CountDesk extends Component {
    static template = "aftersales_service.CountDesk";
    static components = { BigBar, Desk, Keypad, ScanField, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.ui = useState({
            countId: this.props.action.params?.count_id || false,
            lineId: false,
            found: null, // part that no line knows: {product_id, lot_id, name}
            place: null, // {id, name}
            choice: [], // lines among which a scan does not decide
            text: "",
            last: null, // {tone, text} of the last act
        });
        this.desk = useDesk({ model: MODEL, kwargs: () => ({ count_id: this.ui.countId }) });
        this.title = _t("Count stock");
    }

    get data() {
        return this.desk.state.data;
    }
    get count() {
        return this.data.count;
    }
    get line() {
        return (this.count && this.count.lines.find((line) => line.id === this.ui.lineId)) || false;
    }
    get here() {
        if (this.ui.choice.length) {
            return this.count.lines.filter((line) => this.ui.choice.includes(line.id));
        }
        return this.ui.place ? this.count.lines.filter((line) => line.place_id === this.ui.place.id) : this.count.lines;
    }
    get open() {
        return this.here.filter((line) => !line.done);
    }
    get shown() {
        // What is still to count comes first; what somebody has counted stays in reach for a correction.
        return [...this.open, ...this.here.filter((line) => line.done).reverse()].slice(0, SHOWN);
    }
    get done() {
        return this.count.lines.filter((line) => line.done).length;
    }
    get placeholder() {
        if (this.line || this.ui.found) {
            return _t("Type the number, or scan the next part");
        }
        return _t("Scan a part or a shelf");
    }
    get number() {
        return keypadNumber(this.ui.text);
    }
    get actions() {
        return [
            {
                key: "finish",
                label: this.count.round === 2 ? _t("Finish second count") : _t("Finish counting"),
                icon: "fa-flag-checkered",
                tone: this.done === this.count.lines.length ? "go" : "",
                onClick: () => this.finish(),
            },
        ];
    }
    lineTone(line) {
        return line.done ? "ok" : "mute";
    }
    lineText(line) {
        if (!line.done) {
            return _t("to count");
        }
        return line.by ? _t("by %s", line.by) : `${line.counted} ${line.uom}`;
    }
    say(tone, text) {
        this.ui.last = { tone, text };
    }

    async openCount(countId) {
        Object.assign(this.ui, { countId, place: null, last: null });
        this.drop();
        await this.desk.run(() => this.desk.load());
    }
    drop() {
        Object.assign(this.ui, { lineId: false, found: null, choice: [], text: "" });
    }
    pick(line) {
        this.drop();
        this.ui.lineId = line.id;
        this.ui.last = null;
        if (line.counted !== null) {
            this.ui.text = String(line.counted);
        }
    }

    async onScan(code) {
        if (!this.count) {
            const count = this.data.counts.find((candidate) => candidate.name === code);
            return count ? this.openCount(count.id) : this.say("bad", _t("Choose a count first."));
        }
        if ((this.line || this.ui.found) && NUMBER.test(code)) {
            return this.record(Number(code.replace(",", ".")));
        }
        const place = this.count.lines.find((line) => line.place_id && [line.place_barcode, line.place].includes(code));
        if (place) {
            return this.setPlace({ id: place.place_id, name: place.place });
        }
        const wanted = code.toLowerCase();
        const known = this.count.lines.filter((line) =>
            [line.barcode, line.code, line.lot].some((number) => number && number.toLowerCase() === wanted)
        );
        if (known.length) {
            return this.choose(known);
        }
        // Typed, not scanned: part of a name or of a number. Digits alone are a barcode of something else.
        const like = /^\d+$/.test(code) || code.length < 2
            ? []
            : this.count.lines.filter((line) => `${line.code || ""} ${line.name}`.toLowerCase().includes(wanted));
        if (like.length && like.length <= 12) {
            return this.choose(like, _t("Which one?"));
        }
        return this.lookUp(code);
    }
    choose(known, question = _t("It lies at several places. Which one?")) {
        const near = known.filter((line) => !this.ui.place || line.place_id === this.ui.place.id);
        const open = (near.length ? near : known).filter((line) => !line.done);
        const candidates = open.length ? open : near.length ? near : known;
        if (candidates.length === 1) {
            return candidates[0].tag ? this.recordTag(candidates[0]) : this.pick(candidates[0]);
        }
        this.drop();
        this.ui.choice = candidates.map((line) => line.id);
        this.say("good", question);
    }
    async lookUp(code) {
        const found = await this.desk.run(() => this.orm.call(MODEL, "scan", [this.count.id, code]));
        if (!found) {
            return;
        }
        this.drop();
        if (found.kind === "place") {
            return this.setPlace(found);
        }
        if (found.kind === "unknown") {
            return this.say("bad", _t("Nothing known as “%s”.", code));
        }
        if (found.kind === "tag" && this.ui.place) {
            return this.keep(() => this.orm.call(MODEL, "add_found_tag", [this.count.id, found.id, this.ui.place.id]));
        }
        if (!this.ui.place) {
            return this.say("bad", _t("%s is not expected in this count. Scan the shelf it lies on, then the part again.", found.name));
        }
        this.ui.found = { product_id: found.id, lot_id: found.lot_id, name: found.name };
        this.say("bad", _t("%(part)s is not expected at %(place)s. Type the number to count it all the same.", {
            part: found.name,
            place: this.ui.place.name,
        }));
    }
    setPlace(place) {
        this.drop();
        this.ui.place = place && { id: place.id, name: place.name };
        this.ui.last = null;
    }

    record(quantity) {
        const { line, ui } = this;
        const found = ui.found;
        return this.keep(() =>
            line
                ? this.orm.call(MODEL, "record", [line.id, quantity])
                : this.orm.call(MODEL, "add_found", [this.count.id, found.product_id, ui.place.id, quantity], { lot_id: found.lot_id })
        );
    }
    /** The tag of an old part is there: the scan says so, no number is typed. */
    recordTag(line) {
        return this.keep(() => this.orm.call(MODEL, "record_tag", [line.id]));
    }
    async keep(task) {
        const row = await this.desk.run(task);
        if (!row) {
            return;
        }
        const index = this.count.lines.findIndex((candidate) => candidate.id === row.id);
        if (index < 0) {
            this.count.lines.push(row);
        } else {
            this.count.lines[index] = row;
        }
        this.drop();
        this.say("good", _t("%(part)s: %(number)s %(unit)s", { part: row.name, number: row.counted, unit: row.uom }));
    }
    confirm() {
        if (this.number >= 0) {
            return this.record(this.number);
        }
    }
    nothing() {
        return this.record(0);
    }
    async finish() {
        const result = await this.desk.act(MODEL, "finish", [this.count.id]);
        if (result === true) {
            const again = this.data.counts.find((candidate) => candidate.id === this.ui.countId);
            if (again) {
                return this.say("good", _t("%s lines are counted again, by somebody else.", again.total));
            }
            this.ui.countId = false;
            this.say("good", _t("Counted. The parts manager approves."));
            await this.desk.load();
        }
    }
}

registry.category("actions").add("aftersales_desk_count", CountDesk);
