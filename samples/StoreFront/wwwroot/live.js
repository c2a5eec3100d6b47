import { Card } from "./retries/card.js";
import { Plot } from "./retries/plot.js";
import { number } from "./retries/words.js";

const byId = id => document.getElementById(id);
const lanes = new Map();
const titles = { "no handler": "No handler", "Polly": "Polly retry", "Adaptive": "AddAdaptiveRetry()" };

class Lane {
  constructor(name) {
    this.root = byId("lane").content.cloneNode(true).firstElementChild;
    this.find = selector => this.root.querySelector(selector);
    this.root.dataset.lane = name;
    this.find("h2").textContent = titles[name] ?? name;
    this.plot = new Plot(this.find(".rates"), [
      { name: "accepted", colour: "accepted", style: "area" },
      { name: "refused", colour: "refused", style: "area" },
      { name: "capacity", colour: "capacity", style: "line" },
      { name: "bound", colour: "bound", style: "dash" },
    ], { seconds: 60, floor: 10, unit: "/s" });
    if (name !== "Adaptive") this.find(".key.bound").hidden = true;
    this.history = [];
    byId("lanes").append(this.root);
  }

  update(at, knobs, figures) {
    // Rates over the last three seconds: what the eye takes for the level.
    this.history = [...this.history, { at, ...figures }].slice(-7);
    const before = this.history[0];
    const rate = name => at > before.at ? (figures[name] - before[name]) / (at - before.at) * 1000 : 0;
    const now = {
      accepted: rate("accepted"), refused: rate("refused"), succeeded: rate("succeeded"), failed: rate("failed"),
    };
    this.plot.add(at, { ...now, capacity: knobs.limit, bound: figures.sendRate });
    const attempts = now.accepted + now.refused;
    const wasted = attempts > 0 ? now.refused / attempts : 0;
    const failing = now.succeeded + now.failed > 0 ? now.failed / (now.succeeded + now.failed) : 0;
    this.root.dataset.level = failing > 0.05 ? "failing" : wasted > 0.1 ? "slowed" : "fine";
    this.text(".pill", failing > 0.05 ? `${number(failing * 100)} % fail` : wasted > 0.1 ? "wasteful" : "all served");
    this.text(".summary", `${number(now.succeeded)} calls a second succeed, ${number(now.failed)} fail; `
      + `${number(wasted * 100)} % of what it sends is refused.`);
    for (const name of ["accepted", "refused"]) this.value(name, number(now[name]));
    this.value("capacity", number(knobs.limit));
    this.value("bound", figures.sendRate == null ? "none" : number(figures.sendRate));
    this.facts({
      "useful, of capacity": `${number(Math.min(1, now.succeeded / knobs.limit) * 100)} %`,
      "p95 of a call": figures.p95 >= 1000 ? `${number(figures.p95 / 1000, 1)} s` : `${number(figures.p95)} ms`,
      "waiting callers": figures.name === "Adaptive" ? number(figures.waiting) : "-",
    });
    this.find(".rates").ariaLabel = `${number(now.accepted)} accepted and ${number(now.refused)} refused per second, `
      + `capacity ${number(knobs.limit)}`;
    return now;
  }

  facts(facts) {
    const list = this.find(".facts");
    if (list.children.length === 0) {
      list.append(...Object.keys(facts).map(name => {
        const entry = document.createElement("div");
        entry.append(document.createElement("dt"), document.createElement("dd"));
        entry.firstChild.textContent = name;
        return entry;
      }));
    }
    Object.values(facts).forEach((value, i) => { list.children[i].lastChild.textContent = value; });
  }

  text(selector, value) { this.find(selector).textContent = value; }

  value(name, value) { this.find(`[data-value="${name}"]`).textContent = value; }
}

const units = {
  limit: value => `${value}/s`,
  errorShare: value => `${Math.round(value * 100)} %`,
  latency: value => `${value} ms`,
  callers: value => String(value),
};

const form = byId("knobs");
const ranges = [...form.querySelectorAll("input")];
const showKnobs = () => ranges.forEach(input => {
  input.previousElementSibling.textContent = units[input.name](Number(input.value));
});

async function turn() {
  showKnobs();
  const knobs = Object.fromEntries(ranges.map(input => [input.name, Number(input.value)]));
  const response = await fetch("api/live/knobs", {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...knobs, hint: form.elements.hint.value }),
  });
  if (!response.ok) byId("overall").textContent = (await response.json()).detail;
}

let pending = 0;
form.addEventListener("input", () => {
  showKnobs();
  clearTimeout(pending);
  pending = setTimeout(turn, 150);
});
form.addEventListener("submit", event => event.preventDefault());

let isFirst = true;
const source = new EventSource("api/live");
source.onmessage = message => {
  const { at, knobs, lanes: figures } = JSON.parse(message.data);
  if (isFirst) {
    // Another visitor may have turned them.
    ranges.forEach(input => { input.value = knobs[input.name]; });
    form.elements.hint.value = knobs.hint;
    showKnobs();
    isFirst = false;
  }
  const now = figures.map(lane => {
    if (!lanes.has(lane.name)) lanes.set(lane.name, new Lane(lane.name));
    return lanes.get(lane.name).update(Date.parse(at), knobs, lane);
  });

  // One scale for all three: side by side, a taller line must be a higher rate.
  const plots = [...lanes.values()].map(lane => lane.plot);
  const top = Math.max(...plots.map(plot => plot.top()));
  plots.forEach(plot => {
    plot.ceiling = top;
    plot.draw();
  });
  byId("overall").textContent = `The upstream takes ${number(knobs.limit)} calls a second from each client. Useful: `
    + figures.map((lane, i) => `${titles[lane.name]} ${number(now[i].succeeded)}/s`).join(", ") + ".";
};
source.onerror = () => { byId("overall").textContent = "The connection is lost; trying again …"; };

// What the dashboard tells of the third client: waiting callers, quota, circuit, last events.
const inside = new Card("live-adaptive");
byId("inside").append(inside.root);
const dashboard = new EventSource("retries/stream");
dashboard.onopen = () => inside.forgetEvents();
dashboard.onmessage = message => {
  const { at, clients } = JSON.parse(message.data);
  const client = clients.find(({ snapshot }) => snapshot.name === inside.name);
  if (client) inside.update(Date.parse(at), client, true);
};
