// One client on a card: its state in words, its plots, its figures and its last events.

import { Plot } from "./plot.js";
import { boundOf, kinds, number, perSecond, words } from "./words.js";

const template = document.createElement("template");
template.innerHTML = `
  <article class="card">
    <header>
      <h2></h2>
      <span class="pill"></span>
    </header>
    <p class="summary"></p>
    <p class="help"><span>What would help:</span> <b></b></p>
    <figure>
      <figcaption class="legend">
        <span class="key accepted">accepted <output data-value="accepted"></output></span>
        <span class="key refused">refused <output data-value="refused"></output></span>
        <span class="key failed">failed <output data-value="failed"></output></span>
        <span class="key bound">send rate <output data-value="bound"></output></span>
        <span class="key circuit" hidden>circuit <output data-value="circuit"></output></span>
      </figcaption>
      <canvas class="rates" role="img"></canvas>
    </figure>
    <div class="pair">
      <figure>
        <figcaption class="legend"><span class="key waiting">waiting callers
          <output data-value="waiting"></output></span></figcaption>
        <canvas class="waits" role="img"></canvas>
      </figure>
      <figure>
        <figcaption class="legend"><span class="key quota">quota
          <output data-value="quota"></output></span></figcaption>
        <canvas class="quotas" role="img"></canvas>
      </figure>
    </div>
    <dl class="facts"></dl>
    <div>
      <details class="events">
        <summary>Last events</summary>
        <ol></ol>
      </details>
      <details class="partitions" hidden>
        <summary>Partitions</summary>
        <ol></ol>
      </details>
    </div>
  </article>
`;

/** Cards out of sight keep their data and are written when they come into sight. */
const seen = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    target.card.isVisible = isIntersecting;
    if (isIntersecting && target.card.snapshot) target.card.show();
  }
});

export class Card {
  constructor(name) {
    this.root = template.content.cloneNode(true).firstElementChild;
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
    this.value("bound", boundOf(snapshot.sendRate));
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
      "limit looks like": sendRate.state === "Dormant" ? "none" : kinds[sendRate.kind],
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

  /** Forgets the events: those of a server that was started anew are numbered anew. */
  forgetEvents() {
    [this.events, this.lastEvent, this.hasFresh] = [[], 0, true];
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
      `${p.key ?? (p.isOverflow ? "(overflow)" : "(default)")}: ${boundOf(p.sendRate)}, `
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

export function setText(element, value) {
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

