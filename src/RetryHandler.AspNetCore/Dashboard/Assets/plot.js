// A small time plot on a canvas. Draws when told to, and only if it can be seen.

const colours = new Map();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => colours.clear());

/** Gets the colour that a custom property has in the present theme; the canvas knows no light-dark(). */
function colour(name) {
  if (!colours.has(name)) {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    colours.set(name, getComputedStyle(probe).color);
    probe.remove();
  }
  return colours.get(name);
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
export function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value * 0.999);
}

const seen = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    target.plot.isVisible = isIntersecting;
    if (isIntersecting) target.plot.draw();
  }
});

// The size is taken from here: reading it from the element would have the page laid out anew for each card.
const resized = new ResizeObserver(entries => {
  for (const { target, contentRect } of entries) {
    target.plot.size = [Math.round(contentRect.width), Math.round(contentRect.height)];
    target.plot.draw();
  }
});

export class Plot {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{name: string, colour: string, style: "area"|"line"|"dash"|"ribbon"}[]} series
   * @param {{seconds?: number, floor?: number, ceiling?: number, unit?: string}} options
   *   seconds: the most that is shown; floor: the least top of the axis; ceiling: its fixed top
   */
  constructor(canvas, series, { seconds = 120, floor = 1, ceiling = null, unit = "" } = {}) {
    Object.assign(this, { canvas, series, seconds, floor, ceiling, unit, points: [], size: [0, 0], isVisible: false });
    canvas.plot = this;
    seen.observe(canvas);
    resized.observe(canvas);
  }

  /** Adds a point; a value of null leaves a gap. A ribbon is a bar along the top for as long as it has a value. */
  add(time, values) {
    this.points.push({ time, values });
    const oldest = time - this.seconds * 1000 - 2000;
    while (this.points.length > 0 && this.points[0].time < oldest) this.points.shift();
  }

  draw() {
    if (!this.isVisible || this.points.length === 0) return;
    const { canvas } = this;
    const scale = devicePixelRatio || 1;
    const [width, height] = this.size;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }

    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const end = this.points[this.points.length - 1].time;
    const top = this.ceiling ?? this.top();

    // A young plot fills its width, and is squeezed as it grows old.
    const span = Math.min(this.seconds, Math.max(20, Math.ceil((end - this.points[0].time) / 10000) * 10));
    const area = { left: 0, right: width - 40, up: 6, down: height - (height > 100 ? 17 : 5) };
    const x = time => area.right - (end - time) / (span * 1000) * (area.right - area.left);
    const y = value => area.down - value / top * (area.down - area.up);
    this.drawAxes(pen, area, top, y, height, span);
    pen.save();
    pen.beginPath();
    pen.rect(area.left, 0, area.right - area.left, area.down + 1);
    pen.clip();
    this.series.forEach(series => this.drawSeries(pen, series, x, y, area.down));
    pen.restore();
  }

  /** Computes the top of the axis that fits what is plotted. */
  top() {
    let most = this.floor;
    for (const { values } of this.points) {
      for (const { name, style } of this.series) {
        // A bound far above what is sent must not squash what is sent.
        if (style !== "dash" && style !== "ribbon" && values[name] > most) most = values[name];
      }
    }
    for (const { name, style } of this.series) {
      const last = this.points[this.points.length - 1].values[name];
      if (style === "dash" && last > most && last < most * 2) most = last;
    }
    return niceCeiling(most * 1.05);
  }

  drawAxes(pen, area, top, y, height, span) {
    pen.strokeStyle = colour("line");
    pen.fillStyle = colour("soft");
    pen.lineWidth = 1;
    pen.font = "11px system-ui, sans-serif";
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const marks = height > 100 ? [0, top / 2, top] : [0, top];
    for (const mark of marks) {
      const at = Math.round(y(mark)) + 0.5;
      pen.beginPath();
      pen.moveTo(area.left, at);
      pen.lineTo(area.right, at);
      pen.stroke();
      const figure = mark >= 10000 ? `${mark / 1000}k` : String(+mark.toPrecision(3));
      pen.fillText(mark === top ? figure + this.unit : figure, area.right + 5, at);
    }
    if (height <= 100) return;
    pen.textBaseline = "bottom";
    const half = (area.left + area.right) / 2;
    pen.fillText(`${span} s ago`, area.left, height);
    pen.textAlign = "center";
    pen.fillText(`${span / 2} s`, half, height);
    pen.textAlign = "right";
    pen.fillText("now", area.right, height);
  }

  drawSeries(pen, { name, colour: hue, style }, x, y, down) {
    pen.strokeStyle = pen.fillStyle = colour(hue);
    pen.lineWidth = style === "area" ? 1.5 : 2;
    pen.setLineDash(style === "dash" ? [6, 4] : []);
    let run = [];
    const flush = () => {
      if (run.length > 1 && style === "ribbon") {
        pen.fillRect(run[0][0], 0, run[run.length - 1][0] - run[0][0], 5);
      } else if (run.length > 1) {
        pen.beginPath();
        run.forEach(([px, py], i) => i === 0 ? pen.moveTo(px, py) : pen.lineTo(px, py));
        pen.stroke();
        if (style === "area") {
          pen.lineTo(run[run.length - 1][0], down);
          pen.lineTo(run[0][0], down);
          pen.closePath();
          pen.globalAlpha = 0.18;
          pen.fill();
          pen.globalAlpha = 1;
        }
      }
      run = [];
    };
    for (const { time, values } of this.points) {
      const value = values[name];
      if (value === null || value === undefined) flush();
      else run.push([x(time), y(value)]);
    }
    flush();
    pen.setLineDash([]);
  }
}
