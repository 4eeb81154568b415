import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";

import { PhotoStrip } from "../../components/photo_strip/photo_strip";

/** Who, under which rule or criterion, in a sentence, with a picture: praise, proposal or spot note. */
export class WordDialog extends Component {
    static template = "aftersales_service.HrWordDialog";
    static components = { Dialog, PhotoStrip };
    static props = {
        close: Function,
        title: String,
        label: String,
        choices: Array,
        choiceLabel: String,
        person: { type: [Object, { value: false }], optional: true },
        search: Function,
        onSave: Function,
        asksGood: { type: Boolean, optional: true },
    };

    setup() {
        this.nameInput = useRef("name");
        this.textInput = useRef("text");
        this.state = useState({
            person: this.props.person || false,
            term: "",
            found: [],
            choice: this.props.choices.length ? this.props.choices[0].id : false,
            text: "",
            good: false,
            photos: [],
            busy: false,
        });
        this.asked = 0;
        onMounted(() => (this.nameInput.el || this.textInput.el)?.focus());
    }
    async onTerm(ev) {
        this.state.term = ev.target.value;
        const term = this.state.term.trim();
        const asked = ++this.asked;
        const found = term ? await this.props.search(term) : [];
        if (asked === this.asked) {
            this.state.found = found;
        }
    }
    onTermKey(ev) {
        if (ev.key === "Enter" && !ev.isComposing && this.state.found.length) {
            ev.preventDefault();
            this.pick(this.state.found[0]);
        }
    }
    pick(person) {
        Object.assign(this.state, { person, term: "", found: [] });
        setTimeout(() => this.textInput.el?.focus());
    }
    forget() {
        this.state.person = false;
        setTimeout(() => this.nameInput.el?.focus());
    }
    addPhoto(url) {
        this.state.photos.push({ id: this.state.photos.length + 1, url });
    }
    removePhoto(photo) {
        this.state.photos = this.state.photos.filter((candidate) => candidate.id !== photo.id);
    }
    get canSave() {
        return Boolean(this.state.person && this.state.choice && !this.state.busy);
    }
    async save() {
        this.state.busy = true;
        try {
            const photos = this.state.photos.map((photo) => photo.url.split(",")[1]);
            const { person, choice, text, good } = this.state;
            await this.props.onSave({ personId: person.id, choice: Number(choice), text, good, photos });
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/** A fact becomes a case under a rule; the rule it hints at is chosen already. */
export class CaseDialog extends Component {
    static template = "aftersales_service.HrCaseDialog";
    static components = { Dialog };
    static props = { close: Function, fact: Object, rules: Array, onOpen: Function };

    setup() {
        const hinted = this.props.rules.find((rule) => rule.code === this.props.fact.rule_id);
        const other = this.props.rules.find((rule) => rule.code === "P12");
        this.state = useState({ rule: (hinted || other || this.props.rules[0] || {}).id || false, busy: false });
    }
    get title() {
        return _t("Open a case: %s", this.props.fact.person);
    }
    async open() {
        this.state.busy = true;
        try {
            await this.props.onOpen(Number(this.state.rule));
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/** What is handed over, to look at before it is final. */
export class HandOverDialog extends Component {
    static template = "aftersales_service.HrHandOverDialog";
    static components = { Dialog };
    static props = { close: Function, batch: Object, blocked: Array, money: Function, onConfirm: Function };

    setup() {
        this.state = useState({ busy: false });
        this.title = _t("Hand over %(batch)s (%(month)s)", { batch: this.props.batch.name, month: this.props.batch.month });
    }
    get rows() {
        const batch = this.props.batch;
        return [
            { label: _t("Bonus"), amount: batch.bonus_total },
            { label: _t("Performance pay withheld"), amount: batch.performance_total },
            { label: _t("Compensation"), amount: batch.compensation_total },
            { label: _t("Fines"), amount: batch.fine_total },
            { label: _t("Carried over"), amount: batch.carried_total },
        ].filter((row) => row.amount);
    }
    async confirm() {
        this.state.busy = true;
        try {
            this.props.close();
            await this.props.onConfirm();
        } finally {
            this.state.busy = false;
        }
    }
}
