import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";

/** Milliseconds between two looks at the server, while somebody can see the screen. */
const REFRESH = 60000;
const REMEMBERED = "inventory_link.today_warehouse";

/** The day of a warehouse: receipts, shipments and what waits for an answer, as large cards. */
export class WarehouseToday extends Component {
    static template = "inventory_link.WarehouseToday";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({
            period: "today",
            warehouseId: Number(browser.localStorage.getItem(REMEMBERED)) || false,
            section: "receipts",
            data: { warehouses: [], sections: [], day: "" },
        });
        onWillStart(() => this.load());
        onMounted(() => {
            this.timer = browser.setInterval(() => this.refresh(), REFRESH);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    // -- texts ------------------------------------------------------------------------------

    get periods() {
        return [
            { key: "yesterday", name: _t("Yesterday") },
            { key: "today", name: _t("Today") },
            { key: "tomorrow", name: _t("Tomorrow") },
            { key: "week", name: _t("7 Days") },
        ];
    }

    title(section) {
        return {
            receipts: _t("Receipts"),
            shipments: _t("Shipments"),
            answers: _t("Waiting for an Answer"),
        }[section.key];
    }

    icon(section) {
        return { receipts: "fa-download", shipments: "fa-truck", answers: "fa-comments-o" }[
            section.key
        ];
    }

    emptyText(section) {
        return {
            receipts: _t("Nothing comes in."),
            shipments: _t("Nothing goes out."),
            answers: _t("Nothing waits for your answer."),
        }[section.key];
    }

    overdueText(card) {
        return _t("%(days)s days overdue", { days: card.overdue });
    }

    moreText(count) {
        return _t("and %(count)s more", { count });
    }

    hiddenText(section) {
        return _t("%(count)s more, see the lists", { count: section.count - section.cards.length });
    }

    stateText(card) {
        return {
            done: _t("Done"),
            ready: _t("Ready"),
            partial: _t("Partly Ready"),
            waiting: _t("Waiting"),
        }[card.state];
    }

    // -- data -------------------------------------------------------------------------------

    /** Where sections are tabs, the first one shown has something to do, until a person chooses. */
    showWork() {
        const { sections } = this.state.data;
        const shown = sections.find((section) => section.key === this.state.section);
        const work = sections.find((section) => section.count);
        if (!this.chosen && work && !(shown && shown.count)) {
            this.state.section = work.key;
        }
    }

    async load(silent = false) {
        const orm = silent ? this.orm.silent : this.orm;
        const { period, warehouseId } = this.state;
        const number = (this.asked = (this.asked || 0) + 1);
        let data;
        try {
            data = await orm.call("stock.warehouse", "get_today", [period, warehouseId]);
        } catch (error) {
            if (!warehouseId || silent) {
                throw error;
            }
            // the warehouse of last time is gone, or of another company
            browser.localStorage.removeItem(REMEMBERED);
            this.state.warehouseId = false;
            return this.load();
        }
        if (number === this.asked) {
            this.state.data = data;
            this.state.warehouseId = data.warehouse_id;
            this.showWork();
        }
    }

    async refresh() {
        if (document.visibilityState !== "visible" || document.querySelector(".modal")) {
            return;
        }
        try {
            await this.load(true);
        } catch {
            // no connection at the moment: what is shown stays, the next turn tries again
        }
    }

    setPeriod(period) {
        this.state.period = period;
        return this.load();
    }

    setWarehouse(ev) {
        this.state.warehouseId = Number(ev.target.value);
        browser.localStorage.setItem(REMEMBERED, this.state.warehouseId);
        return this.load();
    }

    // -- cards ------------------------------------------------------------------------------

    open(card) {
        const model = {
            picking: "stock.picking",
            line: "supply.plan.line",
            message: "supply.message",
        }[card.type];
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: card.id,
            views: [[false, "form"]],
        });
    }

    async approve(card) {
        await this.orm.call("supply.plan.line", "action_approve", [[card.id]]);
        await this.load();
    }

    async reject(card) {
        const action = await this.orm.call("supply.plan.line", "action_open_reject", [[card.id]]);
        await this.action.doAction(
            { ...action, views: [[false, "form"]] },
            { onClose: () => this.load() },
        );
    }
}

registry.category("actions").add("warehouse_today", WarehouseToday);
