import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { _t } from "@web/core/l10n/translation";
import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";

/** Milliseconds to wait while another process works on the release. */
const WAIT = 700;

/**
 * Drives the release of many plan lines chunk by chunk and shows how far it is. Closing the dialog
 * stops nothing: the server goes on with what is left.
 */
export class ReleaseProgress extends Component {
    static template = "inventory_link.ReleaseProgress";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { release_id, total, done, failed } = this.props.action.params;
        this.releaseId = release_id;
        this.state = useState({ state: "running", total, done, failed, lost: false });
        onMounted(() => this.drive());
        onWillUnmount(() => {
            this.closed = true;
        });
    }

    get percent() {
        const { total, done, failed } = this.state;
        return total ? Math.round((100 * (done + failed)) / total) : 100;
    }

    get progressText() {
        const { total, done } = this.state;
        return _t("%(done)s of %(total)s released", { done, total });
    }

    get failedText() {
        return _t("%(failed)s can't be released; the details tell why.", {
            failed: this.state.failed,
        });
    }

    async drive() {
        while (!this.closed && this.state.state === "running") {
            try {
                const progress = await this.orm.silent.call("supply.release", "action_next", [
                    [this.releaseId],
                ]);
                Object.assign(this.state, progress);
                if (progress.busy) {
                    await new Promise((resolve) => browser.setTimeout(resolve, WAIT));
                }
            } catch {
                // no answer, or no right any more: the server finishes what it has to
                this.state.lost = true;
                return;
            }
        }
    }

    openRelease() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "supply.release",
            res_id: this.releaseId,
            views: [[false, "form"]],
            target: "current",
        });
    }

    async close() {
        await this.action.doAction({ type: "ir.actions.act_window_close" });
        await this.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    }
}

registry.category("actions").add("supply_release_progress", ReleaseProgress);
