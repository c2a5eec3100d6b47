// Figures, events and limits in words.

// Made once: toLocaleString makes a new one for each figure.
const formats = [0, 1, 2].map(digits => new Intl.NumberFormat("en", { maximumFractionDigits: digits }));
export const number = (value, digits = 0) => formats[digits].format(value);
export const perSecond = value => number(value, value < 10 ? 1 : 0);
const seconds = span => {
  // "00:00:01.2345678", with days in front where there are some.
  const [, days = 0, hours, minutes, rest] = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(span);
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(rest);
};

const cause = e => [e.status, e.rule].filter(part => part !== undefined).join(", ");

// A window or a limit on concurrency is not a rate.
const bound = e => e.sendRate === undefined ? "" : ` to ${perSecond(e.sendRate)}/s`;

/** What each event says; names and rules come as text and stay text. */
export const words = {
  Retrying: e => `${e.method} attempt ${e.attempt} failed (${cause(e)}), again in ${number(seconds(e.delay), 2)} s`,
  GaveUp: e => `${e.method} given up after attempt ${e.attempt} (${cause(e)}): ${e.reason}`,
  NotSent: e => `${e.method} attempt ${e.attempt} not sent: the wait would be too long`,
  Slowed: e => `slowed${bound(e)} by rule ${e.rule}`,
  Restored: () => "no longer slowed",
  Closed: e => `paused for ${number(seconds(e.delay))} s by rule ${e.rule}: calls fail at once`,
  Reopened: e => `pause over, slowed${bound(e)}`,
  Breaker: e => `circuit breaker is now ${e.breaker}`,
};

export const kinds = {
  Unknown: "unknown", Rate: "a rate", SharedRate: "a shared rate", Window: "a window", Concurrency: "concurrency",
  PublishedBudget: "published",
};

/** Says what is let through, in the measure of the limit. */
export const boundOf = rate => rate.state === "Dormant" ? "none"
  : rate.maxConcurrency !== undefined ? `${rate.maxConcurrency} at a time`
  : rate.windowLength !== undefined ? `${rate.windowCount} per ${number(seconds(rate.windowLength), 2)} s`
  : rate.sendRate !== undefined ? `${perSecond(rate.sendRate)}/s`
  : "not known yet";
