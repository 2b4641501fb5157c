/* The tier board counts again whenever something is changed: the server does it, the page takes over what it answers.
   A line is dragged by its grip; by keyboard its field and its two buttons do the same. */
const TOP = "100.01"; // above every score
const QUIET = "textarea, [name=name]"; // what changes nothing on the board

const form = () => document.querySelector("form[data-board]");
let asked = 0;

/* The element that had the focus, found again in the new board. */
const mark = () => {
  const one = document.activeElement;
  return one?.name ? `[name="${CSS.escape(one.name)}"]${one.tagName === "BUTTON" ? `[value="${CSS.escape(one.value)}"]` : ""}` : "";
};

const count = async (act) => {
  const [turn, sent, focus] = [++asked, new FormData(form()), mark()];
  sent.set("act", act);
  form().setAttribute("aria-busy", "true");
  const answer = await fetch(location.href, { method: "POST", body: sent, headers: { "X-CSRFToken": sent.get("csrfmiddlewaretoken") } }).catch(() => null);
  if (turn !== asked) return;
  form().removeAttribute("aria-busy");
  const parsed = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const board = parsed?.getElementById("board");
  if (!board) return location.reload();
  document.getElementById("board").replaceWith(board);
  if (focus) board.querySelector(focus)?.focus();
};

/* --- dragging ----------------------------------------------------------------------------------- */
const rows = () => [...form().querySelectorAll("tr[data-score]")];
const unmark = () => form().querySelectorAll(".drop, .drop-end").forEach((one) => one.classList.remove("drop", "drop-end"));

/* How many rows lie above the pointer. */
const above = (y) => rows().filter((row) => row.getBoundingClientRect().top + row.offsetHeight / 2 < y).length;

const show = (place) => {
  const all = rows();
  unmark();
  if (place < all.length) all[place].classList.add("drop");
  else all.at(-1)?.classList.add("drop-end");
};

const drag = (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip) return;
  event.preventDefault();
  const line = grip.closest("tr");
  line.classList.add("dragging");
  grip.setPointerCapture(event.pointerId);
  let place = null;
  const move = (moved) => show((place = above(moved.clientY)));
  const drop = () => {
    grip.removeEventListener("pointermove", move);
    line.classList.remove("dragging");
    unmark();
    if (place === null) return;
    line.querySelector("input").value = place ? rows()[place - 1].dataset.score : TOP;
    count("count");
  };
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", drop, { once: true });
  grip.addEventListener("pointercancel", () => { place = null; drop(); }, { once: true });
};

/* In the meeting the arrows turn the cases. */
const turn = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(`.projector [data-key="${CSS.escape(event.key)}"]`)?.click();
};

export const startBoard = () => {
  if (document.body.classList.contains("projector")) document.addEventListener("keydown", turn);
  if (!form()) return;
  form().addEventListener("change", (event) => event.target.matches(QUIET) || count("count"));
  form().addEventListener("pointerdown", drag);
  form().addEventListener("submit", (event) => {
    const act = event.submitter?.name === "act" ? event.submitter.value : "";
    if (!/^(count|fit|up-.|down-.)$/.test(act)) return;
    event.preventDefault();
    count(act);
  });
};
