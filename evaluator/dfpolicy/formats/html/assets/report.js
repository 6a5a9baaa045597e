// Filters, scrolls and expands the content of the page; the page is complete without it.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = JSON.parse(one("#words").textContent);
  const search = one("#search"), subject = one("#subject"), group = one("#group");
  const boxes = { state: all("[name=state]"), level: all("[name=level]") };
  const amount = new Intl.NumberFormat(document.documentElement.lang);

  // A list of names is one text with one name per line; names that are filtered out are stored here.
  const list = (element) => {
    const lines = element.textContent.split("\n");
    return {
      element, lines,
      names: lines.map((line) => line.split("  ")[0].toLowerCase()),
      whole: true,
    };
  };
  const narrow = (names, part) => {
    if (!part) {
      if (!names.whole) names.element.textContent = names.lines.join("\n");
      names.whole = true;
      return names.lines.length;
    }
    const kept = names.lines.filter((_, place) => names.names[place].includes(part));
    if (kept.length) {
      names.element.textContent = kept.join("\n");
      names.whole = false;
    }
    return kept.length;
  };

  const blocks = all(".result").map((element) => {
    const head = one("summary", element);
    const section = element.closest(".group");
    const cases = all(":scope > .case", element).map((part) => ({
      element: part,
      text: (part.querySelector(":scope > dl")?.textContent ?? "").toLowerCase(),
      rows: all(":scope > .row", part).map((row) => ({
        element: row,
        text: row.textContent.toLowerCase(),
        names: list(one(".names", row)),
        amount: one(".amount", row),
      })),
    }));
    return {
      element, head, section, cases,
      state: element.dataset.state,
      level: element.dataset.level,
      group: section.dataset.group,
      text: `${one("h3", section).textContent} ${head.textContent}`.toLowerCase(),
      count: one(".count", head),
      total: cases.flatMap((part) => part.rows)
        .reduce((sum, row) => sum + row.names.lines.length, 0),
      opened: element.open,
    };
  });
  const total = blocks.reduce((sum, block) => sum + block.total, 0);
  const nodes = all("tr.nodes").map((element) => ({
    element,
    amount: one(".amount", element),
    systems: all(".system", element).map((system) => ({
      element: system, amount: one(".amount", system), names: list(one(".names", system)),
    })),
  }));

  const show = (element, shown) => {
    if (element.hidden === shown) element.hidden = !shown;
  };
  const chosen = (kind) => boxes[kind].filter((box) => box.checked).map((box) => box.value);

  const fitting = (block, terms, part) => {
    let count = 0;
    for (const { element, text, rows } of block.cases) {
      let inCase = 0;
      for (const row of rows) {
        const fits = terms.every((term) =>
          block.text.includes(term) || text.includes(term) || row.text.includes(term));
        const lines = fits ? narrow(row.names, part) : 0;
        if (row.amount && lines) row.amount.textContent = amount.format(lines);
        show(row.element, lines > 0);
        inCase += lines;
      }
      show(element, inCase > 0);
      count += inCase;
    }
    return count;
  };

  const apply = () => {
    const states = new Set(chosen("state")), levels = new Set(chosen("level"));
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const part = subject.value.trim().toLowerCase();
    const sections = new Map();
    let shown = 0;
    for (const block of blocks) {
      const wanted = states.has(block.state) && levels.has(block.level)
        && (!group.value || group.value === block.group);
      const count = wanted ? fitting(block, terms, part) : 0;
      show(block.element, count > 0);
      if (count && block.total > 1) block.count.textContent = amount.format(count);
      sections.set(block.section, (sections.get(block.section) ?? 0) + count);
      shown += count;
    }
    for (const [section, count] of sections) {
      show(section, count > 0 || (!terms.length && !part && (!group.value || group.value === section.dataset.group)));
    }
    for (const row of nodes) {
      let count = 0;
      for (const system of row.systems) {
        const lines = narrow(system.names, part);
        show(system.element, lines > 0);
        if (system.amount && lines) system.amount.textContent = amount.format(lines);
        count += lines;
      }
      show(row.element, count > 0);
      if (count) row.amount.textContent = amount.format(count);
    }
    show(one("#nothing"), shown === 0);
    one("#status").textContent = `${amount.format(shown)} ${words.of} ${amount.format(total)} ${words.shown}`;
  };

  // The address contains the state of the page, so that a link shows the same view.
  const theme = () => document.documentElement.dataset.theme ?? "";
  const setTheme = (name) => {
    if (name === "light" || name === "dark") document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
    one("#theme span").textContent = words[`theme_${theme() || "auto"}`];
  };
  const initially = { state: chosen("state").join(), level: chosen("level").join() };
  const moved = () => blocks.filter((block) => block.element.open !== block.opened)
    .map((block) => block.element.id).join();
  const parts = {
    q: [() => search.value.trim(), (value) => { search.value = value; }, ""],
    subject: [() => subject.value.trim(), (value) => { subject.value = value; }, ""],
    group: [() => group.value, (value) => { group.value = value; if (group.selectedIndex < 0) group.value = ""; }, ""],
    outcome: [() => chosen("state").join(), (value) => check("state", value), initially.state],
    level: [() => chosen("level").join(), (value) => check("level", value), initially.level],
    moved: [moved, (value) => {
      const ids = new Set(value.split(","));
      for (const block of blocks) block.element.open = block.opened !== ids.has(block.element.id);
    }, ""],
    theme: [theme, setTheme, ""],
  };
  const check = (kind, value) => {
    const names = new Set(value.split(","));
    for (const box of boxes[kind]) box.checked = names.has(box.value);
  };
  let written = null;
  const write = () => {
    const state = new URLSearchParams();
    for (const [key, [get, , usual]] of Object.entries(parts)) {
      if (get() !== usual) state.set(key, get());
    }
    written = state.toString();
    if (written === location.hash.slice(1)) return;
    try {
      history.replaceState(null, "", `#${written}`);
    } catch {
      // A frame without an origin has no address.
    }
  };
  const jump = (name) => {
    const block = blocks.find(({ element }) => element.id === name)
      ?? blocks.find(({ element }) => element.dataset.id === name);
    if (!block) return false;
    if (block.element.hidden) {
      form.reset();
      boxes.state.find((box) => box.value === block.state).checked = true;
      apply();
    }
    block.element.open = true;
    block.head.focus();
    block.element.scrollIntoView({ block: "start" });
    return true;
  };
  const read = () => {
    const hash = location.hash.slice(1);
    if (hash === written) return;
    let name = hash;
    try {
      name = decodeURIComponent(hash);
    } catch {
      // Not an anchor of this page.
    }
    if (hash && !hash.includes("=")) {
      if (jump(name)) write();
      return;
    }
    const state = new URLSearchParams(hash);
    for (const [key, [, set, usual]] of Object.entries(parts)) set(state.get(key) ?? usual);
    apply();
  };

  const form = one("#filters");
  let waiting = 0;
  const changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { apply(); write(); }, 80);
  };
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  const openAll = (open) => {
    for (const block of blocks) if (!block.element.hidden) block.element.open = open;
  };
  one("#open-all").addEventListener("click", () => openAll(true));
  one("#close-all").addEventListener("click", () => openAll(false));
  one("#theme").addEventListener("click", () => {
    setTheme({ "": "light", light: "dark", dark: "" }[theme()]);
    write();
  });
  for (const block of blocks) {
    block.element.addEventListener("toggle", () => { if (!printing) write(); });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (link && jump(decodeURIComponent(link.hash.slice(1)))) event.preventDefault();
  });
  window.addEventListener("hashchange", read);

  const move = (step) => {
    const heads = blocks.filter((block) => !block.element.hidden).map((block) => block.head);
    if (!heads.length) return;
    const here = heads.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : heads.length - 1) : here + step;
    heads[Math.max(0, Math.min(next, heads.length - 1))].focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = document.activeElement;
    const typing = on.matches("input[type=search], select");
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const letter = { j: 1, k: -1 }[event.key];
    if (event.key === "Escape") {
      if (typing && on.value) on.value = "";
      else if (typing) on.blur();
      else form.reset();
      changed();
    } else if (event.key === "/" && !typing) search.focus();
    else if (letter && !typing) move(letter);
    else if (arrow && (on.matches(".result > summary") || (on === search && arrow > 0))) move(arrow);
    else return;
    event.preventDefault();
  });

  // In print, everything that is shown is expanded.
  let printing = false, closed = [];
  window.addEventListener("beforeprint", () => {
    printing = true;
    closed = all("details:not([open])");
    for (const element of closed) element.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const element of closed) element.open = false;
    closed = [];
    setTimeout(() => { printing = false; });
  });

  if (navigator.clipboard) {
    for (const command of all(".command")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = words.copy;
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(command.textContent);
          button.textContent = words.copied;
          setTimeout(() => { button.textContent = words.copy; }, 1500);
        } catch {
          getSelection().selectAllChildren(command);
        }
      });
      command.after(button);
    }
  }

  for (const element of all(".scripted")) element.hidden = false;
  apply();
  read();
})();
