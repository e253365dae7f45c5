// The phone's service worker: keeps every file of the page, so that it opens without a network. Never touches calls.
const PREFIX = "phone-";
const CACHE = `${PREFIX}__VERSION__`;
const FILES = ["__FILES__"];
/** The government's own look, which changes without a new version of the page. */
const BRANDING = "/branding/";

self.addEventListener("install", (event) => {
  const requests = FILES.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()));
});

/** A page of the version before may just be opening: its files stay until the version after this one. */
async function forgetOld() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith(BRANDING)) event.respondWith(asItWas(event));
  if (FILES.includes(pathname) || pathname.startsWith("/assets/")) event.respondWith(answer(pathname, request));
});

async function answer(pathname, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(pathname)) ?? (await caches.match(pathname)) ?? fetch(request);
}

/** What was there the last time, at once and without a network; what is there now is for the next time. */
async function asItWas(event) {
  const cache = await caches.open("branding");
  const kept = await cache.match(event.request);
  const fresh = fetch(event.request).then(async (response) => {
    await (response.ok ? cache.put(event.request, response.clone()) : cache.delete(event.request));
    return response;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}
