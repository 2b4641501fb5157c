/* Deadlines tick: the server wrote the first text, the script keeps it true. */
const MINUTE = 60000;

const words = () => document.getElementById("words").dataset;
const two = (number) => String(number).padStart(2, "0");
const fill = (pattern, parts) => pattern.replace(/\{(\w)\}/g, (_, key) => parts[key]);

const shape = (gap) => {
  const minutes = Math.floor(Math.abs(gap) / MINUTE);
  const d = Math.floor(minutes / 1440);
  const h = Math.floor(minutes / 60) % 24;
  const m = two(minutes % 60);
  const side = gap < 0 ? "over" : "left";
  const unit = d === 0 ? "Hours" : d === 1 ? "Day" : "Days";
  return fill(words()[side + unit], { d, h, m, t: `${two(h)}:${m}` });
};

const loudness = (gap) => (gap < 0 ? "over" : gap <= 1440 * MINUTE ? "bad" : gap <= 7 * 1440 * MINUTE ? "warn" : "calm");

const tick = () => {
  for (const time of document.querySelectorAll("time[data-clock]")) {
    const gap = new Date(time.dateTime) - Date.now();
    const text = shape(gap);
    if (time.textContent !== text) time.textContent = text;
    const clock = time.closest(".clock");
    clock?.classList.remove("calm", "warn", "bad", "over");
    clock?.classList.add(loudness(gap));
  }
};

export const startClocks = () => {
  tick();
  setInterval(tick, 15000);
};
