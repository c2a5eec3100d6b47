import { Plot } from "./plot.js";

const byId = id => document.getElementById(id);
const cards = new Map();

// Made once: toLocaleString makes a new one for each figure.
const formats = [0, 1, 2].map(digits => new Intl.NumberFormat("en", { maximumFractionDigits: digits }));
const number = (value, digits = 0) => formats[digits].format(value);
const perSecond = value => number(value, value < 10 ? 1 : 0);
const seconds = span => {
  // "00:00:01.2345678", with days in front where there are some.
  const [, days = 0, hours, minutes, rest] = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(span);
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(rest);
};

const cause = e => [e.status, e.rule].filter(part => part !== undefined).join(", ");

/** What each event says; names and rules come as text and stay text. */
const words = {
  Retrying: e => `${e.method} attempt ${e.attempt} failed (${cause(e)}), again in ${number(seconds(e.delay), 2)} s`,
  GaveUp: e => `${e.method} given up after attempt ${e.attempt} (${cause(e)}): ${e.reason}`,
  NotSent: e => `${e.method} attempt ${e.attempt} not sent: the wait would be too long`,
  Slowed: e => `slowed to ${perSecond(e.sendRate)}/s by rule ${e.rule}`,
  Restored: () => "no longer slowed",
  Closed: e => `paused for ${number(seconds(e.delay))} s by rule ${e.rule}`,
  Reopened: e => `pause over, ${perSecond(e.sendRate)}/s`,
  Breaker: e => `circuit breaker is now ${e.breaker}`,
};

/** Cards out of sight keep their data and are written when they come into sight. */
const seen = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    target.card.isVisible = isIntersecting;
    if (isIntersecting) target.card.show();
  }
});

class Card {
  constructor(name) {
    this.root = byId("card").content.cloneNode(true).firstElementChild;
    this.find = selector => this.root.querySelector(selector);
    this.find("h2").textContent = name;
    this.name = name;
    this.events = [];
    this.lastEvent = 0;
    this.rates = new Plot(this.find(".rates"), [
      { name: "accepted", colour: "accepted", style: "area" },
      { name: "refused", colour: "refused", style: "area" },
      { name: "failed", colour: "failed", style: "line" },
      { name: "bound", colour: "bound", style: "dash" },
      { name: "open", colour: "failing", style: "ribbon" },
    ], { floor: 2, unit: "/s" });
    this.waits = new Plot(this.find(".waits"), [{ name: "waiting", colour: "waiting", style: "area" }], { floor: 2 });
    this.quotas = new Plot(
      this.find(".quotas"), [{ name: "quota", colour: "quota", style: "area" }], { ceiling: 100, unit: " %" });
    this.plots = [this.rates, this.waits, this.quotas];
    this.find(".events").addEventListener("toggle", () => this.showEvents());
    this.isVisible = false;
    this.root.card = this;
    seen.observe(this.root);
  }

  update(at, { advice, snapshot }, isShown) {
    const attempts = snapshot.totals.attempts;
    const values = this.measure(at, attempts);
    const quota = snapshot.quota.capacity > 0 ? snapshot.quota.available / snapshot.quota.capacity * 100 : 0;
    Object.assign(values, { bound: snapshot.sendRate.sendRate ?? null, waiting: snapshot.sendRate.waiting, quota });
    values.open = snapshot.breaker === undefined || snapshot.breaker === "Closed" ? null : 1;
    this.plots.forEach(plot => plot.add(at, values));

    this.advice = advice;
    this.snapshot = snapshot;
    this.values = values;
    this.root.dataset.level = advice.level.toLowerCase();
    this.takeEvents(snapshot.recentEvents);
    if (this.isVisible && isShown) this.show();
  }

  show() {
    const { advice, snapshot, values } = this;
    this.text(".pill", advice.state);
    this.text(".summary", advice.summary);
    this.text(".help b", advice.help);
    this.value("accepted", perSecond(values.accepted ?? 0));
    this.value("refused", perSecond(values.refused ?? 0));
    this.value("failed", perSecond(values.failed ?? 0));
    this.value("bound", values.bound === null ? "none" : perSecond(values.bound));
    this.find(".key.circuit").hidden = snapshot.breaker === undefined;
    this.value("circuit", snapshot.breaker?.toLowerCase() ?? "");
    this.value("waiting", number(values.waiting));
    this.value("quota", `${number(snapshot.quota.available)} / ${number(snapshot.quota.capacity)}`);
    this.describe(values);
    this.plots.forEach(plot => plot.draw());
    this.showFacts(snapshot);
    this.text(".events summary", this.events.length > 0 ? `Last events (${this.events.length})` : "Last events");
    this.showEvents();
    this.showPartitions(snapshot);
  }

  /** Computes rates from the counters of the last second, so that a slow frame makes no spike. */
  measure(at, attempts) {
    this.history = [...(this.history ?? []), { at, attempts }].slice(-3);
    const { at: then, attempts: before } = this.history[0];
    if (then === at) return { accepted: null, refused: null, failed: null };
    const rate = pick => Math.max(0, (pick(attempts) - pick(before)) / (at - then) * 1000);
    return {
      accepted: rate(a => a.succeeded + a.permanent),
      refused: rate(a => a.throttled + a.quotaExhausted),
      failed: rate(a => a.transient),
    };
  }

  showFacts({ totals, breaker, sendRate, partitionCount }) {
    const facts = {
      "calls": number(totals.calls),
      "succeeded": `${number(totals.successRate * 100, 1)} %`,
      "attempts per call": number(totals.amplification, 2),
      "retries": number(totals.transientRetries + totals.throttledRetries),
      "limit looks like": sendRate.state === "Dormant" ? "none" : { Unknown: "unknown", Rate: "a rate",
        Window: "a window", Concurrency: "concurrency" }[sendRate.kind],
      "circuit": breaker?.toLowerCase() ?? "no breaker",
      ...(partitionCount > 1 ? { "partitions": number(partitionCount) } : {}),
    };
    const list = this.find(".facts");
    if (list.children.length !== Object.keys(facts).length) {
      list.replaceChildren(...Object.keys(facts).map(name => {
        const entry = document.createElement("div");
        entry.append(document.createElement("dt"), document.createElement("dd"));
        entry.firstChild.textContent = name;
        return entry;
      }));
    }
    Object.values(facts).forEach((value, i) => setText(list.children[i].lastChild, value));
  }

  takeEvents(events) {
    const fresh = events.filter(e => e.number > this.lastEvent);
    if (fresh.length === 0) return;
    this.lastEvent = fresh[fresh.length - 1].number;
    this.events = [...this.events, ...fresh].slice(-64);
    this.hasFresh = true;
  }

  showEvents() {
    const details = this.find(".events");
    if (!details.open || !this.hasFresh) return;
    this.hasFresh = false;
    details.querySelector("ol").replaceChildren(...this.events.toReversed().map(e => {
      const at = new Date(e.at);
      return row(at.toISOString().slice(11, 19), `${words[e.kind](e)}${e.partition ? ` [${e.partition}]` : ""}`);
    }));
  }

  showPartitions({ partitions, partitionCount }) {
    const details = this.find(".partitions");
    details.hidden = partitionCount <= 1;
    if (details.hidden || !details.open) return;
    details.querySelector("ol").replaceChildren(...partitions.map(p => row(
      p.sendRate.state.toLowerCase(),
      `${p.key}: ${p.sendRate.sendRate === undefined ? "no bound" : `${perSecond(p.sendRate.sendRate)}/s`}, `
        + `${number(p.sendRate.waiting)} waiting, quota ${number(p.quota.available)}`)));
  }

  /** Says in words what the plots show, for those who can't see them. */
  describe({ accepted, refused, waiting, quota }) {
    label(this.find(".rates"), `${perSecond(accepted ?? 0)} accepted and ${perSecond(refused ?? 0)} refused per second`);
    label(this.find(".waits"), `${number(waiting)} callers wait`);
    label(this.find(".quotas"), `${number(quota)} percent of the retry quota left`);
  }

  text(selector, value) { setText(this.find(selector), value); }

  value(name, value) { setText(this.find(`[data-value="${name}"]`), value); }
}

function setText(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function label(canvas, value) {
  if (canvas.ariaLabel !== value) canvas.ariaLabel = value;
}

function row(time, text) {
  const item = document.createElement("li");
  const when = document.createElement("time");
  when.textContent = time;
  item.append(when, text);
  return item;
}

// With many clients every second frame is drawn: painting is most of what the page costs.
const fewClients = 8;
let frames = 0;

function show(frame) {
  const at = Date.parse(frame.at);
  const isShown = cards.size <= fewClients || frames++ % 2 === 0;
  for (const client of frame.clients) {
    const name = client.snapshot.name;
    if (!cards.has(name)) {
      cards.set(name, new Card(name === "" ? "(default client)" : name));
      arrange();
    }
    cards.get(name).update(at, client, isShown);
  }
  byId("empty").hidden = cards.size > 0;
  filter();
  summarize();
}

/** In the order of names: a page whose cards jump about can't be read. */
function arrange() {
  byId("clients").append(...[...cards.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(([, card]) => card.root));
}

function filter() {
  const onlyTroubled = byId("filter").value === "troubled";
  cards.forEach(card => { card.root.hidden = onlyTroubled && card.advice.level === "Fine"; });
}

function summarize() {
  const of = level => [...cards.values()].filter(card => card.advice.level === level).map(card => card.name);
  const [slowed, failing] = [of("Slowed"), of("Failing")];
  const parts = [
    failing.length > 0 ? `${failing.length} failing: ${failing.join(", ")}` : "",
    slowed.length > 0 ? `${slowed.length} slowed: ${slowed.join(", ")}` : "",
  ].filter(part => part !== "");
  setText(byId("overall"), parts.length > 0
    ? `${cards.size} clients, ${parts.join("; ")}.`
    : `${cards.size === 1 ? "1 client" : `${cards.size} clients`}, none slowed.`);
}

let isPaused = false;
byId("pause").addEventListener("click", () => {
  isPaused = !isPaused;
  byId("pause").ariaPressed = String(isPaused);
  byId("pause").textContent = isPaused ? "Resume" : "Pause";
});
byId("filter").addEventListener("change", filter);

const source = new EventSource("stream");
source.onmessage = message => {
  const frame = JSON.parse(message.data);
  if (!isPaused) show(frame);
};
source.onerror = () => setText(byId("overall"), "The connection is lost; trying again …");
