import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { RPCError } from "@web/core/network/rpc";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import {
    Component,
    markRaw,
    onMounted,
    onPatched,
    onWillStart,
    useRef,
    useState,
} from "@odoo/owl";
import { PictureGraph } from "./picture_graph";

const ZOOM = { min: 0.25, max: 1.5, step: 0.15, start: 0.75 };
const ICONS = {
    order: "fa-shopping-cart",
    stock: "fa-cubes",
    plan: "fa-lightbulb-o",
    purchase: "fa-credit-card",
    production: "fa-wrench",
    transfer: "fa-truck",
    delivery: "fa-truck",
    forecast: "fa-line-chart",
    safety: "fa-shield",
};
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/**
 * From an order down to raw material, from raw material up to customers: pegs as cards with lines,
 * or as a table.
 */
export class PegPicture extends Component {
    static template = "inventory_link.PegPicture";
    static components = { Layout, RecordSelector };
    static props = { ...standardActionServiceProps };
    static path = "peg-picture";
    static displayName = _t("Peg Picture");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.canvas = useRef("canvas");
        const { params = {} } = this.props.action;
        const saved = this.props.state || {};
        this.state = useState({
            model: saved.model || params.of || "sale.order",
            resId: saved.resId || Number(params.resId || this.props.resId) || false,
            direction: saved.direction || params.direction || "down",
            table: saved.table ?? params.show === "table",
            onlyLate: saved.onlyLate || false,
            warehouseId: saved.warehouseId || false,
            zoom: saved.zoom || 0,
            sort: null,
            message: "",
            truncated: false,
            title: "",
            loaded: 0,
            drawn: 0,
        });
        this.dates = new Map();
        useSetupAction({ getLocalState: () => this.localState() });
        onWillStart(async () => {
            await this.loadRights();
            await this.load(saved.open);
        });
        onMounted(() => this.settle());
        onPatched(() => this.settle());
    }

    localState() {
        const { model, resId, direction, table, onlyLate, warehouseId, zoom } = this.state;
        const open = this.graph && [...this.graph.open];
        return { model, resId, direction, table, onlyLate, warehouseId, zoom, open };
    }

    get display() {
        return { controlPanel: {} };
    }

    // -- data ------------------------------------------------------------------------------------

    async loadRights() {
        const kinds = [
            { model: "sale.order", label: _t("Sales Order"), domain: [["state", "!=", "cancel"]] },
            {
                model: "product.product",
                label: _t("Product"),
                domain: [["supply_mode", "=", "planned"]],
            },
            {
                model: "purchase.order",
                label: _t("Purchase Order"),
                domain: [["state", "!=", "cancel"]],
            },
        ];
        const [rights, warehouses] = await Promise.all([
            Promise.all(kinds.map((kind) => user.checkAccessRight(kind.model, "read"))),
            user.hasGroup("stock.group_stock_multi_warehouses"),
        ]);
        this.kinds = kinds.filter((_kind, index) => rights[index]);
        this.choosesWarehouse = warehouses;
    }

    /** The kinds to start from, with the one that is shown when it is none of them. */
    get kind() {
        return this.kinds.find((kind) => kind.model === this.state.model) || this.kinds[0];
    }

    get isOtherKind() {
        return !this.kinds.some((kind) => kind.model === this.state.model);
    }

    async load(open) {
        const { model, resId, direction, warehouseId } = this.state;
        this.graph = null;
        Object.assign(this.state, { message: "", truncated: false, title: "" });
        if (resId) {
            try {
                const data = await this.orm.call("supply.peg", "get_picture", [
                    model,
                    resId,
                    direction,
                    0,
                    (model === "product.product" && warehouseId) || false,
                ]);
                this.show(data, open);
            } catch (error) {
                if (!(error instanceof RPCError)) {
                    throw error;
                }
                this.state.message = error.data?.message || error.message;
            }
        }
        this.draw();
        this.state.loaded++;
        this.remember();
    }

    show(data, open) {
        this.state.truncated = data.truncated;
        this.state.title = data.title;
        if (!data.edges.length && data.nodes.length < 2) {
            this.state.message =
                this.state.model === "product.product" && !data.nodes.length
                    ? _t(
                          "Nothing is ordered, planned or taken from stock for this product at the moment."
                      )
                    : "";
        }
        if (data.nodes.length) {
            this.graph = markRaw(new PictureGraph(data, this.state.direction));
            if (open) {
                this.graph.open = new Set(open);
            }
        }
    }

    /** The address holds what is shown: a reload, or somebody else, sees the same. */
    remember() {
        const { model, resId, direction, table, title } = this.state;
        this.props.updateActionState?.({
            resId,
            of: resId ? model : undefined,
            direction: resId ? direction : undefined,
            show: table ? "table" : undefined,
        });
        this.env.config.setDisplayName(
            title ? _t("Peg Picture: %(name)s", { name: title }) : _t("Peg Picture")
        );
    }

    /** Places of the cards, or rows of the table, once for each drawing. */
    draw() {
        const { onlyLate, table } = this.state;
        this.picture = null;
        this.rows = [];
        if (this.graph) {
            if (table) {
                this.rows = this.graph.rows(onlyLate, this.compare());
            } else {
                this.picture = markRaw(this.graph.layout(onlyLate));
            }
        }
        this.state.drawn++;
    }

    /** After drawing: a zoom that fits, the start in sight, the card that had the focus. */
    settle() {
        const canvas = this.canvas.el;
        if (canvas && this.picture && this.placed !== this.state.loaded) {
            this.placed = this.state.loaded;
            if (!this.state.zoom) {
                const fits = canvas.clientWidth / this.picture.width;
                this.setZoom(Math.min(Math.max(fits, ZOOM.start), 1));
            }
            canvas.querySelector(".o_peg_card_root")?.scrollIntoView({ block: "nearest" });
        }
        if (this.focused) {
            const id = this.focused;
            this.focused = null;
            this.cardElement(id)?.focus();
        }
    }

    // -- texts -----------------------------------------------------------------------------------

    day(value) {
        if (value && !this.dates.has(value)) {
            this.dates.set(value, formatDate(deserializeDate(value)));
        }
        return value ? this.dates.get(value) : "";
    }

    number(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    quantity(value, unit) {
        return `${this.number(value)} ${unit}`;
    }

    icon(node) {
        return ICONS[node.kind];
    }

    kindText(node) {
        return {
            order: _t("Sales Order"),
            stock: _t("Stock"),
            plan: _t("Plan Line"),
            purchase: _t("Purchase Order"),
            production: _t("Production Order"),
            transfer: _t("Open Receipt"),
            delivery: _t("Other Need"),
            forecast: _t("Forecast"),
            safety: _t("Safety Stock"),
        }[node.kind];
    }

    lateText(node) {
        return node.no_date ? _t("No date") : _t("%(days)s days late", { days: node.late_days });
    }

    lateShort(node) {
        return node.no_date ? _t("No date") : _t("+%(days)s d", { days: node.late_days });
    }

    /** Class of the line at a card's side. */
    tone(node) {
        if (node.held) {
            return "border-warning";
        }
        if (node.late) {
            return "border-danger";
        }
        return node.tentative ? "" : "border-success";
    }

    tip(node) {
        return JSON.stringify({
            kind: this.kindText(node),
            title: node.title,
            party: node.party,
            product: node.product,
            quantity: this.quantity(node.quantity, node.unit),
            needed: this.day(node.date),
            possible: node.no_date ? _t("No date") : this.day(node.feasible),
            state: node.state,
            notes: [
                node.late && this.lateText(node),
                node.late && node.reason,
                node.held && _t("On hold"),
                node.tentative && _t("Tentative: for an order that isn't confirmed."),
            ].filter(Boolean),
        });
    }

    label(node) {
        return [
            this.kindText(node),
            node.title,
            node.product,
            this.quantity(node.quantity, node.unit),
            this.day(node.date),
            node.late ? this.lateText(node) : "",
        ]
            .filter(Boolean)
            .join(", ");
    }

    toggleText(toggle) {
        return toggle.open ? _t("Close") : _t("Open %(count)s more", { count: toggle.count });
    }

    // -- actions ---------------------------------------------------------------------------------

    async start(model, resId) {
        Object.assign(this.state, { model, resId, zoom: 0 });
        if (resId && model === "product.product" && this.state.direction === "down") {
            this.state.direction = "up";
        }
        await this.load();
    }

    onKind(event) {
        return this.start(event.target.value, false);
    }

    onWarehouse(warehouseId) {
        this.state.warehouseId = warehouseId;
        return this.load();
    }

    setDirection(direction) {
        Object.assign(this.state, { direction, zoom: 0 });
        return this.load();
    }

    setTable(table) {
        Object.assign(this.state, { table, zoom: 0 });
        this.placed = null;
        this.draw();
        this.remember();
    }

    toggleLate() {
        this.state.onlyLate = !this.state.onlyLate;
        this.draw();
    }

    openTo(event) {
        this.graph.openTo(Number(event.target.value) || Infinity);
        event.target.value = "";
        this.draw();
    }

    toggle(node, side) {
        this.graph.toggle(node, side);
        this.focused = node.id;
        this.draw();
    }

    open(node) {
        if (!node.model) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: node.model,
            res_id: node.res_id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    setZoom(zoom) {
        this.state.zoom = Math.min(Math.max(zoom, ZOOM.min), ZOOM.max);
    }

    zoomBy(steps) {
        this.setZoom(this.state.zoom + steps * ZOOM.step);
    }

    fit() {
        const { clientWidth, clientHeight } = this.canvas.el;
        const { width, height } = this.picture;
        this.setZoom(Math.min(clientWidth / width, clientHeight / height, 1));
        this.canvas.el.scrollTo(0, 0);
    }

    onWheel(event) {
        if (event.ctrlKey) {
            event.preventDefault();
            this.zoomBy(event.deltaY < 0 ? 1 : -1);
        }
    }

    /** Pull the picture with the mouse. */
    onPointerDown(event) {
        const canvas = this.canvas.el;
        if (event.pointerType !== "mouse" || event.target.closest(".o_peg_card, button")) {
            return;
        }
        const [x, y] = [canvas.scrollLeft + event.clientX, canvas.scrollTop + event.clientY];
        const move = (ev) => canvas.scrollTo(x - ev.clientX, y - ev.clientY);
        const stop = () => {
            browser.removeEventListener("pointermove", move);
            browser.removeEventListener("pointerup", stop);
        };
        browser.addEventListener("pointermove", move);
        browser.addEventListener("pointerup", stop);
    }

    // -- keyboard --------------------------------------------------------------------------------

    onCardKey(event, card) {
        if (event.target !== event.currentTarget || event.ctrlKey || event.altKey) {
            return;
        }
        if (event.key === "Enter") {
            event.preventDefault();
            this.open(card.node);
        } else if (event.key === " ") {
            event.preventDefault();
            const toggle = card.toggles.at(-1);
            if (toggle) {
                this.toggle(card.node, toggle.side);
            }
        } else if (ARROWS.includes(event.key)) {
            event.preventDefault();
            this.move(card, event.key);
        }
    }

    /** Up and down in the column, left and right along the lines; a closed side opens. */
    move(card, key) {
        if (key === "ArrowUp" || key === "ArrowDown") {
            const column = this.picture.cards.filter((other) => other.x === card.x);
            const next = column[column.indexOf(card) + (key === "ArrowUp" ? -1 : 1)];
            return this.cardElement(next?.node.id)?.focus();
        }
        const right = key === "ArrowRight";
        const closed = card.toggles.find(
            (toggle) => !toggle.open && toggle.side === (right ? "down" : "up")
        );
        if (closed) {
            return this.toggle(card.node, closed.side);
        }
        const near = this.picture.links
            .filter(({ link }) => (right ? link.from : link.to) === card.node.id)
            .map(({ link }) => this.picture.cards.find(
                ({ node }) => node.id === (right ? link.to : link.from)
            ))
            .sort((a, b) => Math.abs(a.y - card.y) - Math.abs(b.y - card.y));
        return this.cardElement(near[0]?.node.id)?.focus();
    }

    cardElement(id) {
        return id && this.canvas.el?.querySelector(`[data-node="${CSS.escape(id)}"]`);
    }

    // -- table -----------------------------------------------------------------------------------

    get columns() {
        return [
            { name: "title", label: _t("Document"), value: ({ node }) => node.title },
            { name: "party", label: _t("Customer or Vendor"), value: ({ node }) => node.party },
            { name: "product", label: _t("Product"), value: ({ node }) => node.product },
            {
                name: "quantity",
                label: _t("Quantity"),
                end: true,
                value: ({ node, link }) => (link ? link.quantity : node.quantity),
                text: ({ node, link }) =>
                    link
                        ? this.quantity(link.quantity, link.unit)
                        : this.quantity(node.quantity, node.unit),
            },
            {
                name: "whole",
                label: _t("In Total"),
                end: true,
                value: ({ node }) => node.quantity,
                text: ({ node, link }) =>
                    link && link.quantity !== node.quantity
                        ? this.quantity(node.quantity, node.unit)
                        : "",
            },
            {
                name: "date",
                label: _t("Needed"),
                value: ({ node }) => node.date || "",
                text: ({ node }) => this.day(node.date),
            },
            {
                name: "feasible",
                label: _t("Possible"),
                value: ({ node }) => node.feasible || "",
                text: ({ node }) => (node.no_date ? _t("No date") : this.day(node.feasible)),
            },
            {
                name: "late",
                label: _t("Days Late"),
                end: true,
                value: ({ node }) => node.late_days,
                text: ({ node }) => (node.late_days ? this.number(node.late_days) : ""),
            },
            { name: "state", label: _t("Status"), value: ({ node }) => node.state },
        ];
    }

    text(column, row) {
        return (column.text || column.value)(row);
    }

    sortBy(name) {
        const { sort } = this.state;
        if (sort?.name !== name) {
            this.state.sort = { name, down: false };
        } else {
            this.state.sort = sort.down ? null : { name, down: true };
        }
        this.draw();
    }

    sortIcon(column) {
        const { sort } = this.state;
        if (sort?.name !== column.name) {
            return "";
        }
        return sort.down ? "fa-angle-down" : "fa-angle-up";
    }

    ariaSort(column) {
        const { sort } = this.state;
        if (sort?.name !== column.name) {
            return "none";
        }
        return sort.down ? "descending" : "ascending";
    }

    /** Rows of one parent by the chosen column. */
    compare() {
        const { sort } = this.state;
        if (!sort) {
            return null;
        }
        const { value } = this.columns.find((column) => column.name === sort.name);
        const sign = sort.down ? -1 : 1;
        return (a, b) => {
            const [x, y] = [value(a), value(b)];
            return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
        };
    }

    /** The shown rows for a spreadsheet. */
    async copy() {
        const lines = [this.columns.map((column) => column.label)];
        for (const row of this.rows) {
            const texts = this.columns.map((column) => this.text(column, row));
            texts[0] = "    ".repeat(row.level) + texts[0];
            lines.push(texts);
        }
        const text = lines.map((texts) => texts.join("\t")).join("\n");
        await browser.navigator.clipboard.writeText(text);
        this.notification.add(_t("%(count)s rows copied", { count: this.rows.length }), {
            type: "success",
        });
    }
}

registry.category("actions").add("inventory_link.peg_picture", PegPicture);
