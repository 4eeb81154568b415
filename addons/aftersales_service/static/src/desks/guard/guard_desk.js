import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { BigBar } from "../../components/big_bar/big_bar";
import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { PhotoStrip } from "../../components/photo_strip/photo_strip";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { PlateEntry } from "../../components/plate_entry/plate_entry";
import { ScanField } from "../../components/scan_field/scan_field";
import { SignaturePad, signatureData } from "../../components/signature/signature";
import { StatusChip } from "../../components/status_chip/status_chip";

const MODEL = "aftersales.desk.guard";

/** The gate: scan a pass or look up a plate → green or red with the reason; cars in, out for a while, towed in. */
export class GuardDesk extends Component {
    static template = "aftersales_service.GuardDesk";
    static components = { BigBar, Desk, PhotoStrip, PlateBadge, PlateEntry, ScanField, SignaturePad, StatusChip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.ui = useState({ mode: "gate", verdict: null, visit: null, tow: this.freshTow() });
        this.signature = useState({ name: "", isSignatureEmpty: true });
        this.desk = useDesk({ model: MODEL });
        this.title = _t("Gate");
    }

    freshTow() {
        return { plate: "", photos: [], driver: "" };
    }
    get data() {
        return this.desk.state.data;
    }
    get actions() {
        return [
            { key: "gate", label: _t("Gate"), icon: "fa-qrcode", tone: this.ui.mode === "gate" ? "primary" : "", onClick: () => this.setMode("gate") },
            { key: "out", label: _t("Out for a while"), icon: "fa-share", tone: this.ui.mode === "out" ? "primary" : "", onClick: () => this.setMode("out") },
            { key: "tow", label: _t("Tow-in"), icon: "fa-truck", tone: this.ui.mode === "tow" ? "primary" : "", onClick: () => this.setMode("tow") },
        ];
    }
    setMode(mode) {
        Object.assign(this.ui, { mode, verdict: null, visit: null, tow: this.freshTow() });
    }

    // Pass or plate → verdict
    async onScan(code) {
        this.ui.verdict = (await this.desk.run(() => this.orm.call(MODEL, "check", [code]))) || null;
    }
    async letOut() {
        const result = await this.desk.act(MODEL, "let_out", [this.ui.verdict.pass_id]);
        if (result) {
            this.ui.verdict = { ...this.ui.verdict, done: _t("Out at %s", luxon.DateTime.now().toFormat("HH:mm")) };
        }
    }
    nextCar() {
        this.ui.verdict = null;
    }
    async arrive(visit) {
        const result = await this.desk.act(MODEL, "arrive", [visit.plate], {
            visit_id: visit.visit_id,
            appointment_id: visit.appointment_id,
        });
        if (result && result.plate) {
            this.ui.verdict = { ok: true, plate: result.plate, plate_kind: result.plate_kind, title: _t("Arrived"), reasons: [], done: result.text || _t("The front desk knows.") };
        }
    }

    // Out for a while: whose car, then what for
    lookUp(term) {
        const text = term.toUpperCase();
        return this.data.inside.filter((visit) => (visit.plate || "").includes(text)).slice(0, 6);
    }
    async tempExit(visit, purpose) {
        const result = await this.desk.act(MODEL, "temporary_exit", [visit.id, purpose]);
        if (result) {
            this.ui.visit = null;
            if (result !== true && result.ok !== undefined) {
                Object.assign(this.ui, { mode: "gate", verdict: result });
            }
        }
    }
    async comeBack(visit) {
        await this.desk.act(MODEL, "come_back", [visit.id], {}, { done: _t("Back: %s", visit.plate) });
    }

    // Tow-in: plate, photo, signature of the tow driver
    setTowPlate(plate) {
        this.ui.tow.plate = plate;
    }
    addPhoto(url) {
        this.ui.tow.photos.push({ id: this.ui.tow.photos.length + 1, url });
    }
    get towReady() {
        return this.ui.tow.plate && this.ui.tow.photos.length && !this.signature.isSignatureEmpty;
    }
    async towIn() {
        const { tow } = this.ui;
        const result = await this.desk.act(MODEL, "tow_in", [tow.plate], {
            photos: tow.photos.map((photo) => photo.url.split(",")[1]),
            driver: tow.driver || false,
            signature: signatureData(this.signature),
        });
        if (result && result.plate) {
            Object.assign(this.ui, {
                mode: "gate",
                tow: this.freshTow(),
                verdict: { ok: true, plate: result.plate, plate_kind: result.plate_kind, title: _t("Towed in"), reasons: [], done: result.order || "" },
            });
        }
    }
}

registry.category("actions").add("aftersales_desk_guard", GuardDesk);
