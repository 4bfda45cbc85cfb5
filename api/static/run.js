// The driver's page: each tick is kept in this phone first and shown at once, then sent.
"use strict";

(() => {
  const POLL_MILLISECONDS = 30000, CALM_MILLISECONDS = 900, SHIFT_MILLISECONDS = 16 * 3600 * 1000;
  const queue = self.RunQueue;
  const root = document.getElementById("run");
  const byId = (id) => document.getElementById(id);
  const everyOne = (selector) => [...document.querySelectorAll(selector)];

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/tur/sw.js", { scope: "/tur" }).then(async () => {
      const ready = await navigator.serviceWorker.ready;
      ready.active.postMessage({ keep: location.pathname });
    }).catch((error) => console.info(`no service worker: ${error.message}`));
  }
  // Whoever logs out leaves no page behind for the next one; ticks that wait stay.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/logga-ut") caches?.delete("tursidor");
  }, true);
  if (!root) {
    self.RunQueue.send(); // what waits goes off from any page of the driver's
    return;
  }

  const data = JSON.parse(root.dataset.run);
  const last = data.stops.length + 1;
  const status = byId("status"), words = byId("words").dataset;
  let told = data.state; // how far the service says the run has come
  let ticks = [], refused = []; // what this phone has ticked, and what was not taken in
  let shown = Number(root.dataset.first), connection = navigator.onLine ? "on" : "off";

  // Times are those of the service, where the vans drive; how far this phone's clock is off, in
  // milliseconds, was measured when the two last spoke, and holds in the tunnel too.
  let ahead = Number(localStorage.getItem("klocka") ?? 0), isMeasured = localStorage.getItem("klocka") !== null;
  const measure = (moment, asked) => {
    ahead = Math.round(moment - (asked + Date.now()) / 2);
    isMeasured = true;
    localStorage.setItem("klocka", String(ahead));
  };
  const secondsAt = (milliseconds) => Math.floor((milliseconds + ahead) / 1000) - data.zero;
  const now = () => secondsAt(Date.now());
  const clock = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    return `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const fill = (text, values) => text.replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);

  // A stop is known by its code: after a new plan of the run the same number is another stop.
  const numberOf = (fields) => (fields.place ? data.stops.find((stop) => stop.place === fields.place)?.number : fields.stop);

  // What the service says, and what this phone has ticked since.
  const state = () => {
    const so = { departed: told.departed, returned: told.returned, marks: structuredClone(told.marks) };
    for (const tick of ticks.filter((one) => one.state !== "refused")) {
      const at = secondsAt(tick.made);
      const fields = Object.fromEntries(tick.fields), number = numberOf(fields);
      const mark = number === undefined ? {} : (so.marks[number] ??= { arrived: null, done: null, skipped: null });
      if (fields.kind !== "exception" || fields.reason !== "breakdown") so.departed ??= at;
      if (fields.kind === "return") so.returned ??= at;
      if (fields.kind === "arrive") mark.arrived ??= at;
      if (fields.kind === "done" || ["missing", "no-room"].includes(fields.reason)) mark.done ??= at;
      if (fields.reason === "closed" && mark.done === null) mark.skipped ??= at;
    }
    return so;
  };
  const left = (mark) => mark?.done ?? mark?.skipped ?? null;
  const nextStep = (so) => {
    if (so.returned !== null) return last + 1;
    if (so.departed === null) return 0;
    return data.stops.find((stop) => left(so.marks[stop.number]) === null)?.number ?? last;
  };
  // The same arithmetic as the service's: driving and service as planned, nothing in the past.
  const forecast = (so) => {
    const times = { 0: so.departed ?? data.start };
    let leaves = so.departed ?? Math.max(data.start, now()), planned = data.start;
    for (const stop of data.stops) {
      const mark = so.marks[stop.number], went = left(mark);
      let came = mark?.arrived ?? leaves + stop.arrive - planned;
      if (mark?.arrived == null && went === null) came = Math.max(came, now());
      times[stop.number] = went === null ? came : Math.min(came, went);
      leaves = went ?? Math.max(Math.max(came, stop.opens) + stop.depart - stop.begin, now());
      planned = stop.depart;
    }
    times[last] = so.returned ?? Math.max(leaves + data.end - planned, now());
    return times;
  };

  const show = (step) => {
    shown = step;
    for (const card of everyOne("[data-step]")) card.hidden = Number(card.dataset.step) !== step;
  };
  const heading = () => document.querySelector(`[data-step="${shown}"] h2`);

  const paint = () => {
    const so = state(), times = forecast(so), next = nextStep(so);
    // Before the two have ever spoken, the times that the service wrote stand.
    for (const one of isMeasured ? everyOne("[data-when]") : []) one.textContent = clock(times[one.dataset.when]);
    for (const card of everyOne("[data-step]")) {
      const n = Number(card.dataset.step), planned = card.querySelector("[data-planned]");
      if (planned && isMeasured) planned.hidden = planned.dataset.planned === clock(times[n]);
      paintCard(card, n, so, next);
    }
    for (const one of everyOne("[data-said]")) {
      const mark = so.marks[one.dataset.said];
      one.textContent = mark?.done != null ? words.liDone : mark?.skipped != null ? words.liSkipped : "";
    }
    for (const one of everyOne("[data-open]")) {
      if (Number(one.dataset.open) === next) one.setAttribute("aria-current", "step");
      else one.removeAttribute("aria-current");
    }
    paintStatus();
  };
  const paintCard = (card, n, so, next) => {
    const mark = so.marks[n], line = card.querySelector("[data-mark]");
    const said = ["done", "skipped", "arrived"].find((one) => mark?.[one] != null);
    if (line) {
      line.hidden = !said;
      line.textContent = said ? fill(words[said], { time: clock(mark[said]) }) : "";
    }
    const over = { depart: so.departed !== null, return: next > last, done: mark?.done != null };
    over.arrive = over.done || mark?.arrived != null || mark?.skipped != null;
    over.exception = over.done || mark?.skipped != null;
    for (const form of card.querySelectorAll("form.ticking")) {
      const box = form.closest("details.exception") ?? form;
      box.hidden = over[form.elements.kind.value];
    }
  };
  const paintStatus = () => {
    const waiting = ticks.filter((one) => one.state === "waits" || one.state === "sent").length;
    const parts = [connection === "off" ? status.dataset.off : status.dataset.on];
    if (waiting) parts.push(waiting === 1 ? status.dataset.one : fill(status.dataset.many, { n: waiting }));
    if (connection === "login") parts.push(status.dataset.login);
    status.className = `status ${connection === "on" ? "on" : "off"}`;
    const text = parts.join(", ");
    if (status.textContent !== text) status.textContent = text;
    status.hidden = false;
    byId("refused").hidden = refused.length === 0;
    byId("refused").querySelector("[data-why]").textContent = refused.map((one) => one.why).join(" ");
  };

  const refresh = async () => {
    const kept = await queue.all();
    ticks = kept.filter((one) => one.run === data.code);
    refused = kept.filter((one) => one.state === "refused" && one.made > Date.now() - SHIFT_MILLISECONDS);
    paint();
  };
  let timer;
  const flush = async () => {
    clearTimeout(timer);
    const outcome = await queue.send();
    const waits = { sent: POLL_MILLISECONDS, login: POLL_MILLISECONDS, later: POLL_MILLISECONDS / 3 };
    if (outcome === "sent") await look();
    else if (typeof outcome === "string") connection = outcome === "login" ? "login" : "off";
    await refresh();
    timer = setTimeout(flush, typeof outcome === "number" ? outcome + 20 : waits[outcome]);
  };
  // Ask how far the run has come: another phone, or the branch, may have told.
  const look = async () => {
    try {
      const asked = Date.now();
      const answer = await fetch(`/tur/${data.code}/lage`, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.redirected || answer.status === 401) connection = "login";
      else if (answer.ok) {
        const { state: fresh, version, now: moment } = await answer.json();
        measure(moment, asked);
        connection = "on";
        if (fresh && version === data.version) told = fresh;
        else showNewPlan();
      }
    } catch {
      connection = "off"; // fetch fails in no other way
    }
  };

  // Another plan is in force: numbers mean other stops now. Nobody is disturbed in mid-report.
  const showNewPlan = () => {
    byId("changed").hidden = false;
    if (!document.querySelector("details.exception[open]") && byId("undo").hidden) {
      sessionStorage.setItem("changed", data.code);
      location.replace(location.pathname);
    }
  };

  let calmUntil = 0, lastTick = null, undoTimer;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form.ticking")) return;
    event.preventDefault();
    event.stopPropagation();
    if (Date.now() < calmUntil) return; // the second tap of two would hit the next stop
    const fields = [...new FormData(form)].filter(([name]) => !["csrf_token", "once"].includes(name));
    const { kind, stop, place, reason } = Object.fromEntries(fields);
    const isChosen = fields.some(([name]) => name === "bundle");
    if (["missing", "no-room"].includes(reason) && !isChosen) return complain(form);
    calmUntil = Date.now() + CALM_MILLISECONDS;
    const id = kind === "exception" ? `${data.code}-${randomName()}` : [data.code, kind, ...(place || stop ? [place || stop] : [])].join("-");
    const isNew = await queue.add({ id, run: data.code, fields });
    calmUntil = Date.now() + CALM_MILLISECONDS;
    form.reset();
    form.closest("details")?.removeAttribute("open");
    await refresh();
    if (isNew) offerUndo(id, form);
    const stays = kind === "arrive" || reason === "breakdown";
    if (!stays) {
      show(nextStep(state()));
      paint();
      scrollTo({ top: 0 });
      heading()?.focus({ preventScroll: true });
    }
    (await navigator.serviceWorker?.getRegistration("/tur"))?.sync?.register("ticks").catch(() => undefined);
    flush();
  }, true);
  const randomName = () => [...crypto.getRandomValues(new Uint8Array(9))].map((one) => one.toString(36)).join("");
  const complain = (form) => {
    const box = form.querySelector("fieldset[class]:not([hidden]) input");
    box?.setCustomValidity(words.choose);
    box?.reportValidity();
    box?.addEventListener("change", () => box.setCustomValidity(""), { once: true });
    for (const other of form.querySelectorAll("[name=bundle]")) other.onchange = () => box?.setCustomValidity("");
  };
  const offerUndo = (id, form) => {
    lastTick = { id, step: shown };
    const place = form.closest("[data-step]").querySelector("h2").textContent;
    const what = form.querySelector("button[type=submit]").textContent;
    byId("undo").querySelector("[role=status]").textContent = fill(words.undo, { what: `${place}, ${what}` });
    byId("undo").hidden = false;
    clearTimeout(undoTimer);
    undoTimer = setTimeout(() => { byId("undo").hidden = true; }, 5000);
  };
  byId("undo").querySelector("button").addEventListener("click", async () => {
    byId("undo").hidden = true;
    if (await queue.undo(lastTick.id)) show(lastTick.step);
    await refresh();
    heading()?.focus({ preventScroll: true });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    if (!link) return;
    event.preventDefault();
    show(Number(link.dataset.open));
    byId("whole").open = false;
    paint();
    scrollTo({ top: 0 });
    heading()?.focus({ preventScroll: true });
  });
  // Apple's phones know another name for the map.
  if (/iPhone|iPad/.test(navigator.userAgent)) {
    for (const link of everyOne("[data-navigate]")) {
      link.href = link.href.replace(/^geo:([^?]*).*$/, "maps://?daddr=$1");
    }
  }
  addEventListener("online", flush);
  addEventListener("offline", () => { connection = "off"; paintStatus(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  navigator.serviceWorker?.addEventListener("message", refresh);
  setInterval(paint, POLL_MILLISECONDS);

  (async () => {
    await queue.forgetOld();
    await refresh();
    const asked = new URLSearchParams(location.search).has("stopp");
    if (!asked) show(nextStep(state()));
    paint();
    if (sessionStorage.getItem("changed") === data.code) {
      sessionStorage.removeItem("changed");
      byId("changed").querySelector("a").hidden = true; // this is how it is now
      byId("changed").hidden = false;
    }
    root.dataset.ready = "1";
    await flush();
  })();
})();
