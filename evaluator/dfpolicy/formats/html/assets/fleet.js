// Filters the clusters of the page; the page is complete without it.
"use strict";
(() => {
  const form = document.querySelector("#filters");
  const search = form.querySelector("#search");
  const boxes = [...form.querySelectorAll("[name=state]")];
  const rows = [...document.querySelectorAll("tr.cluster")].map((element) => ({
    element,
    state: element.dataset.state,
    text: element.textContent.toLowerCase(),
  }));

  const filter = () => {
    const part = search.value.trim().toLowerCase();
    const states = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const row of rows) {
      const kept = states.has(row.state) && row.text.includes(part);
      row.element.hidden = !kept;
      shown += kept;
    }
    form.querySelector("#status").textContent = `${shown} / ${rows.length}`;
    document.querySelector("#nothing").hidden = shown > 0;
  };

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
