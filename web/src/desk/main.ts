// Draws the agency's desk.
import { mount } from "svelte";
import "../style/colours.css";
import "../style/page.css";
import "../style/head.css";
import "../style/desk.css";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
