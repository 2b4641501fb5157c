/* Long lists by keyboard: J K move the focus, X selects, Enter opens, A goes to what can be done with the selected,
   Escape clears; the bulk bar counts and sums. The letters can be turned off (WCAG 2.1.4). */
const typing = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog, summary, [contenteditable]");

class Rows {
  constructor(table) {
    this.table = table;
    this.rows = [...table.tBodies[0].rows];
    this.bulk = document.querySelector("[data-bulk]");
    this.all = table.querySelector("[data-all]");
    table.addEventListener("change", (event) => this.changed(event.target));
    document.addEventListener("keydown", (event) => typing(event) || this.key(event));
    this.bulk?.querySelector("[data-clear]")?.addEventListener("click", () => this.select(() => false));
    this.sync();
  }

  box(row) { return row?.querySelector(".ck input"); }

  changed(target) {
    if (target === this.all) this.select(() => target.checked);
    else this.sync();
  }

  select(wanted) {
    for (const row of this.rows) if (this.box(row)) this.box(row).checked = wanted(row);
    this.sync();
  }

  sync() {
    const on = this.rows.filter((row) => this.box(row)?.checked);
    for (const row of this.rows) row.classList.toggle("sel", on.includes(row));
    if (this.all) {
      this.all.checked = on.length > 0 && on.length === this.rows.length;
      this.all.indeterminate = on.length > 0 && on.length < this.rows.length;
    }
    if (this.bulk) this.count(on);
  }

  count(on) {
    this.bulk.hidden = on.length === 0;
    this.bulk.querySelector("[data-count]").textContent = on.length;
    const sum = this.bulk.querySelector("[data-sum]");
    const yuan = on.reduce((total, row) => total + Number(this.box(row).dataset.amount ?? 0), 0);
    if (sum) sum.textContent = (yuan / 10000).toLocaleString("en", { maximumFractionDigits: 2 });
  }

  key(event) {
    const at = this.rows.findIndex((row) => row.classList.contains("cur"));
    const row = this.rows[at];
    const acts = {
      j: () => this.move(at + 1),
      k: () => this.move(at - 1),
      x: () => this.box(row)?.click(),
      a: () => this.bulk?.querySelector("button, a")?.focus(),
      Escape: () => this.select(() => false),
      Enter: () => event.target === document.body && row?.querySelector("a")?.click(),
    };
    if (event.key.length > 1 || "letters" in this.table.dataset) acts[event.key]?.();
  }

  move(to) {
    const next = this.rows[Math.max(0, Math.min(this.rows.length - 1, to))];
    for (const row of this.rows) row.classList.toggle("cur", row === next);
    next?.querySelector("a")?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  }
}

/* On a narrow screen a row is a card: each cell says what its column is called, one that says nothing is not shown. */
const SPEAKS = "input, button, select, img, svg, [role=img], .st, .tier";

const card = (row, names) => {
  let column = 0;
  for (const cell of row.cells) {
    const name = names[column];
    column += cell.colSpan;
    if (["", "—"].includes(cell.textContent.trim()) && !cell.querySelector(SPEAKS)) cell.classList.add("void");
    else if (name && cell.colSpan === 1 && cell.tagName === "TD" && !cell.matches(".ck, .c-name, .c-end:not(.num), [data-label]")) cell.dataset.label = name;
  }
};

const label = (table) => {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const names = heads.flatMap((head) => Array(head.colSpan).fill(head.querySelector(".vh, input") ? "" : head.textContent.trim()));
  for (const part of [...table.tBodies, table.tFoot]) for (const row of part?.rows ?? []) card(row, names);
};

export const startRows = () => {
  document.querySelectorAll("table[data-rows]").forEach(label);
  const table = document.querySelector("table[data-rows]");
  if (table?.tBodies[0]) new Rows(table);
};
