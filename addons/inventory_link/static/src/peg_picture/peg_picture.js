import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { RPCError } from "@web/core/network/rpc";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, markRaw, onMounted, onPatched, onWillStart, useRef, useState } from "@odoo/owl";
import { PegTable } from "./peg_table";
import { PegTexts } from "./peg_texts";
import { DRAWN_AT_ONCE, PictureGraph, inSight } from "./picture_graph";

const ZOOM = { min: 0.25, max: 1.5, step: 0.15, start: 0.75 };
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/**
 * From an order down to raw material, from raw material up to customers: pegs as cards with lines,
 * or as a table.
 */
export class PegPicture extends Component {
    static template = "inventory_link.PegPicture";
    static components = { Layout, PegTable, RecordSelector };
    static props = { ...standardActionServiceProps };
    static path = "peg-picture";
    static displayName = _t("Peg Picture");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
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
            sight: null,
            message: "",
            truncated: false,
            title: "",
            loaded: 0,
            drawn: 0,
        });
        this.texts = new PegTexts();
        useSetupAction({ getLocalState: () => this.localState() });
        onWillStart(async () => {
            await Promise.all([this.loadRights(), this.load(saved.open)]);
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
                          "Nothing is ordered, planned or taken from stock for this product at the moment.",
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
            title ? _t("Peg Picture: %(name)s", { name: title }) : _t("Peg Picture"),
        );
    }

    /** Places of the cards, once for each drawing. */
    draw() {
        const { onlyLate, table } = this.state;
        const flow = this.graph && !table;
        this.picture = flow ? markRaw(this.graph.layout(onlyLate)) : null;
        this.state.sight = null;
        this.state.drawn++;
    }

    get isEmpty() {
        return !this.graph || !this.graph.shownRoots(this.state.onlyLate).length;
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
            this.cardElement(id)?.focus({ preventScroll: true });
        }
    }

    // -- what is in sight ------------------------------------------------------------------------

    /** Rows between these heights are drawn; the screen itself before the canvas is there. */
    look() {
        const canvas = this.canvas.el;
        const zoom = this.state.zoom || ZOOM.start;
        const height = (canvas?.clientHeight || browser.innerHeight) / zoom;
        const top = (canvas?.scrollTop || 0) / zoom;
        const middle = Math.round((top + height / 2) / (height / 2)) * (height / 2);
        return { top: middle - 1.5 * height, bottom: middle + 1.5 * height };
    }

    get shown() {
        return inSight(this.picture, this.state.sight || this.look());
    }

    onScroll() {
        if (this.picture.cards.length > DRAWN_AT_ONCE && !this.looking) {
            this.looking = browser.requestAnimationFrame(() => {
                this.looking = null;
                if (this.canvas.el) {
                    this.see();
                }
            });
        }
    }

    see() {
        const sight = this.look();
        if (this.state.sight?.top !== sight.top || this.state.sight.bottom !== sight.bottom) {
            // cards that change their place in the page lose the focus
            this.focused = this.canvas.el.querySelector(".o_peg_card:focus")?.dataset.node;
            this.state.sight = sight;
        }
    }

    /** Move the focus to a card, which may not be drawn yet. */
    focusCard(card) {
        if (!card) {
            return;
        }
        if (!this.cardElement(card.node.id)) {
            const { clientHeight } = this.canvas.el;
            this.canvas.el.scrollTo({ top: card.y * this.state.zoom - clientHeight / 2 });
            this.focused = card.node.id;
            this.state.sight = this.look();
            return;
        }
        this.cardElement(card.node.id).focus();
    }

    // -- actions ---------------------------------------------------------------------------------

    async start(model, resId) {
        if (model !== this.state.model && this.state.direction !== "both") {
            this.state.direction = model === "sale.order" ? "down" : "up";
        }
        Object.assign(this.state, { model, resId, zoom: 0 });
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
        this.state.sight = null;
    }

    zoomBy(steps) {
        this.setZoom(this.state.zoom + steps * ZOOM.step);
    }

    /** All of it on the screen; once more: as large as it was made. */
    fit() {
        const { clientWidth, clientHeight } = this.canvas.el;
        const { width, height } = this.picture;
        const fits = Math.max(Math.min(clientWidth / width, clientHeight / height, 1), ZOOM.min);
        this.setZoom(this.state.zoom === fits ? 1 : fits);
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
            return this.focusCard(next);
        }
        const right = key === "ArrowRight";
        const closed = card.toggles.find(
            (toggle) => !toggle.open && toggle.side === (right ? "down" : "up"),
        );
        if (closed) {
            return this.toggle(card.node, closed.side);
        }
        const near = this.picture.links
            .filter(({ link }) => (right ? link.from : link.to) === card.node.id)
            .map(({ link }) =>
                this.picture.cards.find(({ node }) => node.id === (right ? link.to : link.from)),
            )
            .sort((a, b) => Math.abs(a.y - card.y) - Math.abs(b.y - card.y));
        return this.focusCard(near[0]);
    }

    cardElement(id) {
        return id && this.canvas.el?.querySelector(`[data-node="${CSS.escape(id)}"]`);
    }
}

registry.category("actions").add("inventory_link.peg_picture", PegPicture);
