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

export const startRows = () => {
  const table = document.querySelector("table[data-rows]");
  if (table?.tBodies[0]) new Rows(table);
};
