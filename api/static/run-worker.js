// The service worker of the driver's page: opens it without a network, and sends what waits.
// The service writes before this text the queue and the list of files to keep.
"use strict";

const FILES = `turfiler-${self.KEPT[0].split("/")[2]}`, PAGES = "tursidor";
const MOST_PAGES = 4, PATIENCE_MILLISECONDS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(self.KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== FILES && name !== PAGES) await caches.delete(name);
    await self.clients.claim();
  })());
});

const isPage = (url) => url.pathname === "/tur" || /^\/tur\/[A-Za-z0-9_-]{8,32}$/.test(url.pathname);

const keep = async (path, answer) => {
  const cache = await caches.open(PAGES);
  await cache.put(path, answer);
  const paths = await cache.keys();
  for (const old of paths.slice(0, -MOST_PAGES)) await cache.delete(old);
};

const kept = async (url) => {
  const cache = await caches.open(PAGES);
  const found = await cache.match(url.pathname);
  if (found) return found;
  const paths = await cache.keys();
  const newest = paths.at(-1);
  return newest && url.pathname === "/tur" ? cache.match(newest) : undefined;
};

// The network first, for what is new; what was kept when it does not answer soon. Where nothing was, it has all the time.
const page = async (request, url) => {
  const found = await kept(url), patience = new AbortController();
  const timer = found && setTimeout(() => patience.abort(), PATIENCE_MILLISECONDS);
  try {
    const answer = await fetch(request, { signal: patience.signal });
    if (answer.ok && !answer.redirected) await keep(url.pathname, answer.clone());
    return (answer.status >= 500 && found) || answer;
  } catch (error) {
    if (found) return found;
    throw error;
  } finally {
    clearTimeout(timer); // else it cuts off what has come and is being read
  }
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && isPage(url)) {
    event.respondWith(page(event.request, url));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(event.request).then((found) => found || fetch(event.request)));
  }
});

self.addEventListener("message", (event) => {
  if (event.data?.keep) {
    event.waitUntil(fetch(event.data.keep, { cache: "no-store" }).then((answer) => {
      if (answer.ok && !answer.redirected) return keep(event.data.keep, answer);
    }).catch(() => undefined)); // without a network what was kept before stays
  }
});

// The phone calls when it has a network again, also when the page is closed.
self.addEventListener("sync", (event) => {
  event.waitUntil((async () => {
    let outcome = await self.RunQueue.send();
    while (typeof outcome === "number") {
      const rest = outcome;
      await new Promise((resolve) => { setTimeout(resolve, rest + 50); });
      outcome = await self.RunQueue.send();
    }
    for (const client of await self.clients.matchAll()) client.postMessage("sent");
    if (outcome === "later") throw new Error("no network yet"); // the phone calls again
  })());
});
