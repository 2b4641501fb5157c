/* The picture of a consortium: the node under the pointer or the focus and its partners stay, the rest fades. */
const light = (net, id) => {
  const keep = new Set(id ? [id] : []);
  for (const link of net.querySelectorAll(".link")) {
    const on = id !== undefined && [link.dataset.a, link.dataset.b].includes(id);
    link.classList.toggle("on", on);
    if (on) keep.add(link.dataset.a).add(link.dataset.b);
  }
  for (const node of net.querySelectorAll(".node")) node.classList.toggle("on", keep.has(node.dataset.id));
  net.classList.toggle("focus", id !== undefined);
};

export const startNetworks = () => {
  for (const net of document.querySelectorAll("svg.net")) {
    for (const node of net.querySelectorAll(".node")) {
      for (const name of ["mouseenter", "focus"]) node.addEventListener(name, () => light(net, node.dataset.id));
      for (const name of ["mouseleave", "blur"]) node.addEventListener(name, () => light(net));
    }
  }
};
