import { patch } from "@web/core/utils/patch";

import { CarPanel } from "./car_panel";

/** Coverage in the car panel: what covers a job, who should pay by it, and former repairs to ask about. */
patch(CarPanel.prototype, {
    get comebacks() {
        return this.open ? this.order.comebacks : [];
    },
    applyCoverage(job) {
        return this.act("apply_coverage", [job.id]);
    },
    askAppraisal(job) {
        return this.act("ask_appraisal", [job.id]);
    },
    triage(former, isSame, payerKind = "internal") {
        return this.act("triage", [former.id, isSame, payerKind]);
    },
});
