/* The length of a text with data-words while one types, as funding/rules/counting.py counts it: every Chinese character
   or mark is one, a Latin word or number is one. */
const WORDS = /[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]+(?:[.,'\u2019:\/@_%+&-][0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]+)*%?|[^\s\u200b\ufeff\u001c-\u001f\u0085]/gu;

const counted = (text) => text.match(WORDS)?.length ?? 0;

const show = (area) => {
  const line = document.querySelector(`[data-count-of="${CSS.escape(area.id)}"]`);
  if (!line) return;
  const length = counted(area.value);
  line.textContent = `${length} / ${area.dataset.words}`;
  line.classList.toggle("over", length > Number(area.dataset.words));
  line.hidden = false;
};

export const startCounting = () => {
  document.querySelectorAll("textarea[data-words]").forEach(show);
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("textarea[data-words]")) show(target);
  });
};
