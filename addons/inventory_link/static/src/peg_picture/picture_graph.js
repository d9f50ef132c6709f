/**
 * What the peg picture shows, apart from any screen: which cards are open, on which level they
 * stand, and where. Customers are on the left, material on the right, whatever the direction.
 */

export const CARD = { width: 224, height: 78, columnGap: 104, rowGap: 16, padding: 24 };
/** Parents stand in the middle of so many rows; above, beside the first of them. */
const MIDDLE_ROWS = 8;
/** Above so many cards only those in sight, and a screen around them, are drawn. */
export const DRAWN_AT_ONCE = 120;
/** More cards than this open level by level. */
const OPEN_AT_ONCE = 700;
const OPEN_LEVELS = 2;

/** Places for upright lines between two columns, so that those of two parents don't cover. */
const UPRIGHTS = { count: 4, gap: 9 };
const CORNER = 8;

const isLate = (node) => node.late_days > 0 || node.no_date;

export class PictureGraph {
    constructor(data, direction) {
        this.nodes = new Map();
        for (const card of data.nodes) {
            this.nodes.set(card.id, { ...card, late: isLate(card), down: [], up: [] });
        }
        for (const edge of data.edges) {
            const link = { ...edge, demand: this.nodes.get(edge.from) };
            link.supply = this.nodes.get(edge.to);
            link.demand.down.push({ link, node: link.supply });
            link.supply.up.push({ link, node: link.demand });
        }
        this.sides = direction === "both" ? ["up", "down"] : [direction];
        this.roots = this.findRoots(data.roots.map((id) => this.nodes.get(id)));
        this.leadsToLate = new Map();
        this.openTo(this.nodes.size > OPEN_AT_ONCE ? OPEN_LEVELS : Infinity);
    }

    /** Starts that no other start leads to. */
    findRoots(starts) {
        const [side] = this.sides.slice(-1);
        const below = new Set();
        for (const start of starts) {
            if (!below.has(start)) {
                this.walk(
                    start[side].map((next) => next.node),
                    side,
                    (node) => {
                        const known = below.has(node);
                        below.add(node);
                        return !known;
                    },
                );
            }
        }
        const roots = starts.filter((start) => !below.has(start));
        return roots.length ? roots : starts;
    }

    /** Visit nodes and all behind them, as long as `visit` says so. */
    walk(nodes, side, visit) {
        const stack = [...nodes];
        while (stack.length) {
            const node = stack.pop();
            if (visit(node)) {
                stack.push(...node[side].map((next) => next.node));
            }
        }
    }

    /** Open the first levels of every side and close what is behind. */
    openTo(levels) {
        this.open = new Set();
        for (const side of this.sides) {
            let nodes = this.roots;
            const seen = new Set();
            for (let level = 0; level < levels && nodes.length; level++) {
                const next = [];
                for (const node of nodes) {
                    if (!seen.has(node)) {
                        seen.add(node);
                        this.open.add(`${side} ${node.id}`);
                        next.push(...node[side].map((found) => found.node));
                    }
                }
                nodes = next;
            }
        }
    }

    isOpen(node, side) {
        return this.open.has(`${side} ${node.id}`);
    }

    toggle(node, side) {
        const key = `${side} ${node.id}`;
        if (!this.open.delete(key)) {
            this.open.add(key);
        }
    }

    /** Late itself, or something behind it is. */
    isOnLatePath(node, side) {
        const key = `${side} ${node.id}`;
        if (!this.leadsToLate.has(key)) {
            this.leadsToLate.set(key, node.late); // also the end of a loop
            const found =
                node.late || node[side].some((next) => this.isOnLatePath(next.node, side));
            this.leadsToLate.set(key, found);
        }
        return this.leadsToLate.get(key);
    }

    /** What is one step further, the late ones alone when asked. */
    next(node, side, onlyLate) {
        return onlyLate
            ? node[side].filter((found) => this.isOnLatePath(found.node, side))
            : node[side];
    }

    shownRoots(onlyLate) {
        return onlyLate
            ? this.roots.filter((root) => this.sides.some((side) => this.isOnLatePath(root, side)))
            : this.roots;
    }

    /** Cards and lines with their places. */
    layout(onlyLate) {
        const places = new Map();
        const links = [];
        let row = 0;
        for (const root of this.shownRoots(onlyLate)) {
            if (places.has(root)) {
                continue;
            }
            row = this.placeRoot(root, row, places, links, onlyLate);
        }
        return this.measure(places, links, onlyLate);
    }

    placeRoot(root, row, places, links, onlyLate) {
        const ends = [];
        const middles = {};
        const parts = {};
        for (const side of this.sides) {
            const part = new Map();
            const tree = { row, part, places, side, links, onlyLate };
            this.placeNode(root, 0, tree);
            ends.push(tree.row);
            middles[side] = part.get(root).row;
            parts[side] = part;
        }
        const middle = Math.max(...Object.values(middles));
        let shifted = 0;
        for (const side of this.sides) {
            const shift = middle - middles[side];
            shifted = Math.max(shifted, shift);
            for (const [node, place] of parts[side]) {
                place.row += shift;
                if (node !== root || !places.has(root)) {
                    places.set(node, place);
                }
            }
        }
        return Math.max(...ends) + shifted;
    }

    /** Places a node and what is open behind it; each row belongs to one leaf. */
    placeNode(node, level, tree) {
        const place = { row: 0, level: tree.side === "up" ? -level : level, side: tree.side };
        tree.part.set(node, place);
        const rows = [];
        if (this.isOpen(node, tree.side)) {
            for (const { link, node: child } of this.next(node, tree.side, tree.onlyLate)) {
                tree.links.push({ link, node, child, side: tree.side });
                if (tree.part.has(child) || tree.places.has(child)) {
                    this.push(child, level + 1, tree);
                } else {
                    rows.push(this.placeNode(child, level + 1, tree));
                }
            }
        }
        if (!rows.length) {
            place.row = tree.row++;
        } else {
            const [first, last] = [rows[0], rows[rows.length - 1]];
            place.row = last - first < MIDDLE_ROWS ? (first + last) / 2 : first;
        }
        return place.row;
    }

    /** A document met again farther away moves there, with all behind it. */
    push(node, level, tree) {
        const waiting = [[node, level, 0]];
        while (waiting.length) {
            const [current, target, steps] = waiting.pop();
            const place = tree.part.get(current) || tree.places.get(current);
            const distance = tree.side === "up" ? -place?.level : place?.level;
            if (!place || distance >= target || steps > 40) {
                continue;
            }
            place.level = tree.side === "up" ? -target : target;
            if (this.isOpen(current, tree.side)) {
                for (const next of this.next(current, tree.side, tree.onlyLate)) {
                    waiting.push([next.node, target + 1, steps + 1]);
                }
            }
        }
    }

    measure(places, links, onlyLate) {
        const levels = [...places.values()].map((place) => place.level);
        const first = levels.length ? levels.reduce((a, b) => Math.min(a, b)) : 0;
        const { width, height, columnGap, rowGap, padding } = CARD;
        const cards = new Map();
        let [right, bottom] = [0, 0];
        for (const [node, place] of places) {
            const x = padding + (place.level - first) * (width + columnGap);
            const y = padding + place.row * (height + rowGap);
            const root = this.roots.includes(node);
            const toggles = (root ? this.sides : [place.side])
                .map((side) => ({
                    side,
                    open: this.isOpen(node, side),
                    count: this.next(node, side, onlyLate).length,
                }))
                .filter((toggle) => toggle.count);
            cards.set(node.id, { node, x, y, root, toggles });
            right = Math.max(right, x + width);
            bottom = Math.max(bottom, y + height);
        }
        return {
            cards: [...cards.values()].sort((a, b) => a.x - b.x || a.y - b.y),
            links: this.lines(links, cards),
            width: right + padding,
            height: bottom + padding,
        };
    }

    /** Lines with rounded corners. Each parent has its own upright, and each line its own place at
     * the card that it leads to, with the quantity beside it. */
    lines(links, cards) {
        const ends = new Map();
        const uprights = new Map();
        for (const line of links) {
            const { node, child, side } = line;
            const column = `${side} ${cards.get(node.id).x}`;
            if (!ends.has(child)) {
                ends.set(child, []);
            }
            ends.get(child).push(line);
            if (!uprights.has(column)) {
                uprights.set(column, []);
            }
            if (!uprights.get(column).includes(node)) {
                uprights.get(column).push(node);
            }
        }
        for (const lines of ends.values()) {
            lines.sort((a, b) => cards.get(a.node.id).y - cards.get(b.node.id).y);
        }
        return links.map((line) => {
            const { node, child, side } = line;
            const way = side === "down" ? 1 : -1;
            const [start, end] = [cards.get(node.id), cards.get(child.id)];
            const [near, far] = way > 0 ? [CARD.width, 0] : [0, CARD.width];
            const order = uprights.get(`${side} ${start.x}`).indexOf(node);
            const [x1, y1] = [start.x + near, start.y + CARD.height / 2];
            const x2 = end.x + far;
            const y2 = end.y + CARD.height / 2 + place(ends.get(child), line);
            const upright = x1 + way * (34 + (order % UPRIGHTS.count) * UPRIGHTS.gap);
            return {
                key: `${side} ${line.link.from} ${line.link.to}`,
                path: elbow(x1, y1, upright, x2, y2),
                link: line.link,
                late: line.link.demand.late && line.link.supply.late,
                muted: line.link.supply.tentative,
                top: Math.min(y1, y2),
                bottom: Math.max(y1, y2),
                x: x2 - way * 8,
                y: y2 - 4,
                anchor: way > 0 ? "end" : "start",
            };
        });
    }

    /** The same as rows of a tree: a document met again is a row without what is behind it. */
    rows(onlyLate, compare) {
        const rows = [];
        for (const side of this.sides) {
            const seen = new Set();
            const add = (entries, level, path) => {
                const sorted = compare ? [...entries].sort(compare) : entries;
                for (const { node, link } of sorted) {
                    const again = seen.has(node);
                    seen.add(node);
                    const next = again ? [] : this.next(node, side, onlyLate);
                    const open = this.isOpen(node, side);
                    const key = `${path}/${node.id}`;
                    rows.push({ key, node, link, level, side, again, open, count: next.length });
                    if (open) {
                        add(next, level + 1, key);
                    }
                }
            };
            const roots = this.shownRoots(onlyLate);
            add(
                roots.map((node) => ({ node, link: null })),
                0,
                side,
            );
        }
        return rows;
    }
}

/** What of a picture is drawn when these rows are in sight. */
export function inSight({ cards, links }, { top, bottom }) {
    if (cards.length <= DRAWN_AT_ONCE) {
        return { cards, links };
    }
    return {
        cards: cards.filter(({ y }) => y > top && y < bottom),
        links: links.filter((line) => line.bottom > top && line.top < bottom),
    };
}

/** Distance from the middle of a card at which one of its lines ends. */
function place(lines, line) {
    const gap = Math.min(15, (CARD.height - 18) / lines.length);
    return (lines.indexOf(line) - (lines.length - 1) / 2) * gap;
}

/** Across, up or down, and across again. */
function elbow(x1, y1, upright, x2, y2) {
    const height = Math.abs(y2 - y1);
    if (height < 1) {
        return `M${x1},${y1} H${x2}`;
    }
    const round = Math.min(CORNER, height / 2);
    const across = x2 > x1 ? round : -round;
    const down = y2 > y1 ? round : -round;
    return (
        `M${x1},${y1} H${upright - across} Q${upright},${y1} ${upright},${y1 + down}` +
        ` V${y2 - down} Q${upright},${y2} ${upright + across},${y2} H${x2}`
    );
}
