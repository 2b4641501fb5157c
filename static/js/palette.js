/* The command palette: Ctrl-K opens it, what is typed is asked of the server, arrows choose, Enter opens. */
const PAUSE = 150; // milliseconds after the last key
const words = () => document.getElementById("words")?.dataset ?? {};

export const startPalette = () => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  let timer = 0;
  let asking = null;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const say = (text) => { status.textContent = text; };

  const show = (html) => {
    list.innerHTML = html; // made and escaped by the portal itself
    const count = options().length;
    choose(options()[0]);
    say(count ? dialog.dataset.found.replace("{n}", count) : dialog.dataset.none);
  };

  const ask = async () => {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(input.value)}`, {
        signal: mine.signal, headers: { "X-Requested-With": "fetch" }, redirect: "error",
      });
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.text());
    } catch (error) {
      if (error.name === "AbortError") return;
      list.replaceChildren();
      choose(null);
      const note = document.createElement("p");
      note.textContent = words().failed ?? "";
      list.append(note);
      say(note.textContent);
    }
  };

  const open = () => {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    input.value = "";
    list.replaceChildren();
    dialog.showModal();
    input.focus();
    ask();
  };

  const move = (step) => {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(chosen());
    choose(all[(at + step + all.length) % all.length]);
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open();
  });
  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // pinyin that is not a word yet
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Home" && !input.value) choose(options()[0]);
    else if (event.key === "End" && !input.value) choose(options().at(-1));
    else if (event.key === "Enter" && chosen()) chosen().click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asking?.abort();
  });
};
