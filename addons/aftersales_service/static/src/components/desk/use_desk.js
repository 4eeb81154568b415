import { onWillStart, onWillUnmount, useEnv, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** Notification type with which the server says "something on the desks changed". */
const DESK_CHANGED = "aftersales_desk_changed";

/**
 * Data of a desk: one RPC to load, one to act, fresh without asking.
 *
 * @param {Object} options
 * @param {string} options.model model of the desk
 * @param {string} [options.method] its public readonly method that returns everything at once
 * @param {() => Object} [options.kwargs] keyword arguments of that method
 * @param {number} [options.interval] seconds between two polls
 * @param {(data: Object) => void} [options.onLoaded]
 * @returns {{state: Object, load: Function, act: Function, run: Function}}
 */
export function useDesk({ model, method = "get_data", kwargs = () => ({}), interval = 45, onLoaded = () => {} }) {
    const env = useEnv();
    const orm = useService("orm");
    const action = useService("action");
    const notification = useService("notification");
    const bus = useService("bus_service");
    const state = useState({ data: null, busy: false, offline: false });
    let alive = true;
    let asked = 0;

    async function load() {
        const ticket = ++asked;
        try {
            const data = await orm.silent.call(model, method, [], kwargs());
            if (ticket === asked) {
                state.data = data; // an older answer never overwrites a newer one
                state.offline = false;
                onLoaded(data);
            }
        } catch (error) {
            if (!(error instanceof ConnectionLostError) || !state.data) {
                throw error;
            }
            state.offline = true; // keep showing what we know; the next poll tries again
        }
    }

    /** Do something that talks to the server, with the buttons locked, then show the new facts. */
    async function run(task) {
        if (state.busy) {
            return;
        }
        state.busy = true;
        try {
            return await task();
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                notification.add(_t("No network. Nothing was recorded, try again."), { type: "warning" });
                return;
            }
            throw error;
        } finally {
            state.busy = false;
        }
    }

    /**
     * Call a verb. An action that the server returns (a blocker dialog, a document) is opened.
     *
     * @returns {Promise<any>} what the verb returned; undefined when it was not called
     */
    function act(verbModel, method, args = [], verbKwargs = {}, { done } = {}) {
        return run(async () => {
            const result = await orm.call(verbModel, method, args, verbKwargs);
            if (result && typeof result === "object" && String(result.type || "").startsWith("ir.actions.")) {
                await action.doAction(result, { onClose: () => alive && load() });
            } else if (done) {
                notification.add(done, { type: "success" });
            }
            if (alive) {
                await load(); // an action may have replaced the desk
            }
            return result === undefined || result === null ? true : result;
        });
    }

    const poll = () => {
        if (alive && document.visibilityState === "visible" && !state.busy) {
            load().catch((error) => {
                if (!(error instanceof RPCError)) {
                    throw error;
                }
                state.offline = true;
            });
        }
    };
    let hint = null;
    const onChanged = ({ company_id } = {}) => {
        if (company_id && !user.activeCompanies.some((company) => company.id === company_id)) {
            return;
        }
        clearTimeout(hint);
        hint = setTimeout(poll, 400); // several facts of one transaction, one reload
    };
    const timer = setInterval(poll, interval * 1000);
    document.addEventListener("visibilitychange", poll);
    bus.subscribe(DESK_CHANGED, onChanged);
    bus.start();
    onWillUnmount(() => {
        alive = false;
        clearInterval(timer);
        clearTimeout(hint);
        document.removeEventListener("visibilitychange", poll);
        bus.unsubscribe(DESK_CHANGED, onChanged);
    });
    onWillStart(load);
    return { state, load, act, run, env };
}
