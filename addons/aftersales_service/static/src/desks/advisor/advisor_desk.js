import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Desk } from "../../components/desk/desk";
import { useDesk } from "../../components/desk/use_desk";
import { MinutesLeft } from "../../components/minutes_left/minutes_left";
import { PlateBadge } from "../../components/plate_badge/plate_badge";
import { PlateEntry } from "../../components/plate_entry/plate_entry";
import { ScanField } from "../../components/scan_field/scan_field";
import { StatusChip } from "../../components/status_chip/status_chip";
import { CarPanel } from "./car_panel";
import { WalkIn } from "./walk_in";

const MODEL = "aftersales.desk.advisor";

/** *My cars today*: the queue by promise on the left, the car on the right, a walk-in from a plate. */
export class AdvisorDesk extends Component {
    static template = "aftersales_service.AdvisorDesk";
    static components = { CarPanel, Desk, MinutesLeft, PlateBadge, PlateEntry, ScanField, StatusChip, WalkIn };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useState({
            orderId: this.props.action.params?.order_id || false,
            scope: "mine",
            arrival: null, // the car of a walk-in, as the server knows it
            closed: false, // on a phone: back to the queue
        });
        this.desk = useDesk({
            model: MODEL,
            kwargs: () => ({ order_id: this.ui.orderId, scope: this.ui.scope, lists: !this.lists }),
            onLoaded: (data) => {
                this.lists = data.lists || this.lists; // packages and colleagues are fetched once
            },
        });
        this.title = _t("My cars today");
    }

    get data() {
        return this.desk.state.data;
    }
    get order() {
        return this.data.order && !this.ui.arrival ? this.data.order : false;
    }
    get hasCar() {
        return Boolean(this.ui.arrival) || (Boolean(this.ui.orderId) && !this.ui.closed);
    }

    async select(orderId) {
        Object.assign(this.ui, { orderId, arrival: null, closed: false });
        await this.desk.load();
    }
    async setScope(scope) {
        this.ui.scope = scope;
        await this.desk.load();
    }
    back() {
        Object.assign(this.ui, { arrival: null, closed: true });
    }
    lookUp(term) {
        return this.orm.silent.call(MODEL, "look_up", [term]);
    }

    /** A plate at the desk: open the car that is already here, or start the walk-in sheet. */
    async arrive(plate, vehicleId = false, visitId = false) {
        const arrival = await this.desk.run(() =>
            this.orm.call(MODEL, "arrival", [plate], { vehicle_id: vehicleId, visit_id: visitId })
        );
        if (!arrival) {
            return;
        }
        if (arrival.order_id) {
            this.notification.add(_t("This car is already here: %s", arrival.order), { type: "info" });
            return this.select(arrival.order_id);
        }
        Object.assign(this.ui, { arrival, orderId: false });
    }
    pickVehicle(item) {
        return this.arrive(item.plate || "", item.id);
    }
    async onScan(code) {
        const found = await this.desk.run(() => this.orm.call(MODEL, "scan", [code]));
        if (found?.order_id) {
            return this.select(found.order_id);
        }
        if (found?.plate || found?.vehicle_id) {
            return this.arrive(found.plate || "", found.vehicle_id || false);
        }
        this.notification.add(_t("Nothing known as “%s”. For a new car type the plate.", code), { type: "warning" });
    }
    async onWalkedIn(result) {
        if (result.order_id) {
            await this.select(result.order_id);
        } else {
            this.ui.arrival = null;
            await this.desk.load();
        }
    }
}

registry.category("actions").add("aftersales_desk_advisor", AdvisorDesk);
