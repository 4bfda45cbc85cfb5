// The day page: one selection for map, list and timeline; drag, keys, and how far the planner is.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("tr[data-key]")];
  const rowOf = (key) => document.querySelector(`tr[data-key="${CSS.escape(key)}"]`);
  const selected = () => document.querySelector("tr[data-key].selected");

  // The timeline's stops are buttons too, once there is a script to press them.
  const timeline = document.querySelector("svg.timeline");
  if (timeline) {
    timeline.setAttribute("role", "group");
    const bars = [...timeline.querySelectorAll("g.at")];
    bars.forEach((bar, place) => {
      bar.setAttribute("role", "button");
      bar.setAttribute("tabindex", place ? "-1" : "0");
      bar.setAttribute("aria-label", bar.querySelector("title").textContent);
      bar.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        const next = bars[place + (step || 0)];
        if (step && next) {
          bar.setAttribute("tabindex", "-1");
          next.setAttribute("tabindex", "0");
          next.focus();
        } else if (event.key === "Enter" || event.key === " ") {
          bar.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        } else {
          return;
        }
        event.preventDefault();
      });
    });
  }

  // Whoever selects, the list shows it, and the address says it.
  const watcher = new MutationObserver(() => {
    const row = selected();
    if (!row || row.dataset.key === document.body.dataset.selected) return;
    document.body.dataset.selected = row.dataset.key;
    row.setAttribute("aria-current", "true");
    for (const other of rows()) if (other !== row) other.removeAttribute("aria-current");
    row.scrollIntoView({ block: "nearest" });
    history.replaceState(null, "", `#stop-${row.dataset.key}`);
  });
  for (const row of rows()) watcher.observe(row, { attributes: true, attributeFilter: ["class"] });

  // In the list: up and down walk along the stops, with Alt they move the stop.
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest && event.target.closest("tr[data-key]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step || event.ctrlKey || event.metaKey) return;
    if (event.altKey) {
      const move = row.querySelector(step < 0 ? "[data-move=up]" : "[data-move=down]");
      if (move) move.click();
    } else {
      const all = rows();
      const next = all[all.indexOf(row) + step];
      if (next) next.querySelector("[data-show]").focus();
    }
    event.preventDefault();
  });
  // An address that names a place in this page must not throw the selection away.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-show]");
    if (link) event.preventDefault();
  });

  // Dragging a stop asks what that would do; nothing moves before it is kept.
  let dragged = null;
  const clear = () => {
    for (const e of document.querySelectorAll(".drop-before, .drop-after")) {
      e.classList.remove("drop-before", "drop-after");
    }
  };
  const target = (event) => {
    const over = event.target.closest(".day-runs tr[data-site]");
    if (over) {
      const box = over.getBoundingClientRect();
      return { run: over.closest("[data-van]"), over, after: event.clientY > box.top + box.height / 2 };
    }
    const run = event.target.closest(".day-runs [data-van]");
    return run ? { run, over: null, after: true } : null;
  };
  document.addEventListener("dragstart", (event) => {
    const row = event.target.closest && event.target.closest("tr[draggable]");
    if (!row) return;
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.site);
    row.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const at = dragged && target(event);
    if (!at) return;
    event.preventDefault();
    clear();
    if (at.over && at.over !== dragged) at.over.classList.add(at.after ? "drop-after" : "drop-before");
  });
  document.addEventListener("drop", (event) => {
    const at = dragged && target(event);
    if (!at) return;
    event.preventDefault();
    const same = at.run === dragged.closest("[data-van]");
    const stops = [...at.run.querySelectorAll("tr[data-site]")].filter((row) => row !== dragged);
    const place = at.over ? stops.indexOf(at.over) + 1 + (at.after ? 1 : 0) : stops.length + 1;
    if (at.over === dragged || (same && place === Number(dragged.dataset.place))) return;
    const page = document.querySelector("[data-try]").dataset.try;
    const asked = new URLSearchParams({ vad: dragged.dataset.site, bil: at.run.dataset.van, plats: place });
    window.location.assign(`${page}&${asked}`);
  });
  document.addEventListener("dragend", () => {
    clear();
    if (dragged) dragged.classList.remove("dragged");
    dragged = null;
  });

  // While the planner works, each better plan is told; when it has ended, the page is new.
  const planning = document.querySelector("[data-progress]");
  if (planning && window.EventSource) {
    const said = document.getElementById("progress");
    const source = new EventSource(planning.dataset.progress);
    source.addEventListener("progress", (event) => { said.textContent = JSON.parse(event.data).said; });
    source.addEventListener("end", () => { source.close(); window.location.reload(); });
  }
})();
