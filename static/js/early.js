/* Runs before the first paint, so that a dark page never flashes white. */
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = read("theme") ?? (dark ? "dark" : "light");
  const density = read("density");
  if (density) root.dataset.density = density;
  root.classList.add("js");
})();
