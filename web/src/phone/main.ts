// Draws the phone's page and lets it be opened without a network from the second time on.
import { mount } from "svelte";
import "../style/colours.css";
import "../style/page.css";
import "../style/phone.css";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });

if ("serviceWorker" in navigator && import.meta.env.PROD) {
  // Without it everything still works as long as there is a network.
  navigator.serviceWorker.register("/app/sw.js", { scope: "/app/" }).catch(() => undefined);
}
