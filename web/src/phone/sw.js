// The phone's service worker: keeps every file of the page, so that it opens without a network. Never touches calls.
const PREFIX = "phone-";
const CACHE = `${PREFIX}__VERSION__`;
const PAGE = "/app/";
const FILES = ["__FILES__"];

self.addEventListener("install", (event) => {
  const requests = FILES.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith(PREFIX) && name !== CACHE;
  const forget = (names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const wanted = request.mode === "navigate" && address.pathname.startsWith(PAGE) ? PAGE : address.pathname;
  if (!FILES.includes(wanted)) return;
  const kept = caches.open(CACHE).then((cache) => cache.match(wanted));
  event.respondWith(kept.then((response) => response ?? fetch(request)));
});
