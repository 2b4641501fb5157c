/** A bar of tabs that does not fit shows the current one. */
export function startTabs() {
  for (const current of document.querySelectorAll(".tabs a[aria-current]")) {
    const bar = current.closest(".tabs");
    if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft = current.offsetLeft - bar.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
  }
}
