// The ticks of a run, kept in this phone until the service has them: none lost, none twice.
// Read by the driver's page and by its service worker, which may send at the same time: each tick
// has a name of its own, under which the service takes it in once.
"use strict";

self.RunQueue = (() => {
  const UNDO_MILLISECONDS = 5000; // a tick rests so long, to be taken back
  const KEEP_MILLISECONDS = 3 * 24 * 3600 * 1000;
  const PATIENCE_MILLISECONDS = 15000;
  const TAKEN = 200, MUST_LOG_IN = [401, 403];

  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let opened;
  const open = () => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("turer", 1);
      request.onupgradeneeded = () => {
        const store = request.result.createObjectStore("ticks", { keyPath: "place", autoIncrement: true });
        store.createIndex("id", "id", { unique: true });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  };
  // Everything a piece of work does is kept together, on disk before the page goes on.
  const within = async (work) => {
    const database = await open();
    const transaction = database.transaction("ticks", "readwrite", { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = await work(transaction.objectStore("ticks"));
    await ended;
    return result;
  };

  const all = () => within((store) => asked(store.getAll()));

  // Keep a tick; false when the same one is here already.
  const add = (tick) => within(async (store) => {
    const known = await asked(store.index("id").get(tick.id));
    if (known && known.state !== "refused") return false;
    if (known) await asked(store.delete(known.place));
    const made = Date.now();
    await asked(store.add({ ...tick, made, due: made + UNDO_MILLISECONDS, state: "waits" }));
    return true;
  });

  // Take a tick back, unless it may be on its way already.
  const undo = (id) => within(async (store) => {
    const found = await asked(store.index("id").get(id));
    if (!found || found.state !== "waits") return false;
    await asked(store.delete(found.place));
    return true;
  });

  const forgetOld = () => within(async (store) => {
    for (const one of await asked(store.getAll())) {
      if (["taken", "refused"].includes(one.state) && one.made < Date.now() - KEEP_MILLISECONDS) store.delete(one.place);
    }
  });

  const mark = (place, state, why) => within(async (store) => {
    const found = await asked(store.get(place));
    if (found) await asked(store.put({ ...found, state, why }));
    return Boolean(found);
  });

  let token = "";
  const fetchToken = async (run) => {
    const answer = await fetch(`/tur/${run}/lage`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.redirected || MUST_LOG_IN.includes(answer.status)) return "login";
    if (!answer.ok) return "later"; // the service is busy, or being renewed
    token = (await answer.json()).csrf;
    return "";
  };
  const post = (tick) => {
    const body = new URLSearchParams(tick.fields);
    body.append("id", tick.id);
    body.append("age", String(Math.max(0, Date.now() - tick.made)));
    body.append("csrf_token", token);
    return fetch(`/tur/${tick.run}/kvittera`, {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
  };
  // "taken", "refused", "login" or "later"
  const deliver = async (tick) => {
    try {
      let answer = token ? await post(tick) : null;
      if (!answer || MUST_LOG_IN.includes(answer.status)) {
        const hindrance = await fetchToken(tick.run);
        if (hindrance) return hindrance;
        answer = await post(tick);
      }
      if (MUST_LOG_IN.includes(answer.status)) return "login";
      const isOurs = (answer.headers.get("content-type") || "").startsWith("application/json");
      const said = isOurs ? await answer.json() : {};
      if (answer.status === TAKEN && said.outcome === "taken") {
        await mark(tick.place, "taken", "");
        return "taken";
      }
      if (said.outcome === "refused") {
        await mark(tick.place, "refused", said.why);
        return "refused";
      }
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
    return "later";
  };

  // Send what is due, oldest first. Returns how it stands: "sent", "login", "later", or the
  // milliseconds until the next tick is due.
  let running = null;
  const send = () => {
    running ??= sendAll().finally(() => { running = null; });
    return running;
  };
  const sendAll = async () => {
    for (;;) {
      const next = await within(async (store) => {
        const first = (await asked(store.getAll())).find((one) => one.state === "waits" || one.state === "sent");
        if (first && first.due <= Date.now()) await asked(store.put({ ...first, state: "sent" }));
        return first;
      });
      if (!next) return "sent";
      if (next.due > Date.now()) return Math.min(next.due - Date.now(), UNDO_MILLISECONDS);
      const outcome = await deliver(next);
      if (outcome === "login" || outcome === "later") return outcome;
    }
  };

  return { all, add, undo, send, forgetOld };
})();
