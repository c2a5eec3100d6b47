import { Card, setText } from "./card.js";

const byId = id => document.getElementById(id);
const cards = new Map();

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
  if (isPaused) keepEvents(frame);
  else show(frame);
};

/** A frame holds only what is new: of a page that stands still the events would be lost, unlike the figures. */
function keepEvents(frame) {
  frame.clients.forEach(({ snapshot }) => cards.get(snapshot.name)?.takeEvents(snapshot.recentEvents));
}

// Each connection begins with all events at hand.
source.onopen = () => cards.forEach(card => card.forgetEvents());
source.onerror = () => setText(byId("overall"), "The connection is lost; trying again …");
