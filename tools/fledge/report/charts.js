// The report's charts, drawn by uPlot with figures.js's data and units, and the
// start of the page.
"use strict";

const kFont = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const drawn = [];  // {host, plot}: what is on the page now.

const translucent = (colour, alpha) => {
  const n = parseInt(colour.slice(1), 16);
  return `rgba(${n >> 16}, ${(n >> 8) & 255}, ${n & 255}, ${alpha})`;
};
const isNarrow = () => window.innerWidth <= 560;
const widthOf = (host) => Math.max(host.clientWidth, 240);
const heightOf = (host) => {
  return host.classList.contains("low") ? (isNarrow() ? 150 : 170)
                                        : (isNarrow() ? 220 : 260);
};

function axis(extra) {
  return {
    stroke: css("--muted"),
    font: kFont,
    grid: {stroke: css("--line"), width: 1},
    ticks: {stroke: css("--line"), width: 1, size: 4},
    gap: 6,
    size: 28,
    ...extra,
  };
}
const yAxis = (extra, least = 30) => axis({
  size: (u, values) => Math.max(least, ...(values || []).map((v) =>
      16 + 6.6 * String(v).length)),
  ...extra,
});
// The same for all charts over time, so that they stand exactly below each
// other.
const kTimeChartLeft = 72;

// Ticks of an axis whose values are logarithms to base 10: decades, with 2 and
// 5 between them where there is room, fewer decades where there is none.
function logSplits(u, axisIndex, min, max) {
  const isX = u.axes[axisIndex].side % 2 === 0;
  const room = (isX ? u.bbox.width / 62 : u.bbox.height / 26) / uPlot.pxRatio;
  const dense = (max - min) * 3 <= room;
  const stride = Math.max(1, Math.ceil((max - min) / room));
  const splits = [];
  for (let d = Math.floor(min); d <= max; ++d) {
    if (d % stride) continue;
    for (const m of dense ? [1, 2, 5] : [1]) {
      const v = d + Math.log10(m);
      if (v >= min - 1e-9 && v <= max + 1e-9) splits.push(v);
    }
  }
  return splits;
}
const logDuration = (u, splits) => splits.map((v) => briefDuration(10 ** v));
const byteSteps = Array.from({length: 50}, (_, i) => 2 ** i);
// Points of other series lie between a series' own: the legend shows its
// nearest, not nothing.
function nearestOwn(u, seriesIndex, index) {
  const values = u.data[seriesIndex];
  if (values[index] != null) return index;
  for (let step = 1; step < values.length; ++step) {
    if (values[index - step] != null) return index - step;
    if (values[index + step] != null) return index + step;
  }
  return index;
}

// Joins [[x...], [y...]] of each series over all their x, and those of
// `bounds`, where no series has a value.
function joined(tables, bounds) {
  const all = uPlot.join([[bounds, bounds.map(() => null)], ...tables]);
  return all.filter((_, i) => i !== 1);
}

// Vertical lines with a label over the plot, in as many rows as they need and
// there are: room for these rows is the chart's padding.
const labelRows = () => isNarrow() ? 3 : 2;
const paddingFor = (marks) =>
    [marks.length ? 4 + 14 * labelRows() : 12, 16, 0, 0];
function markLines(marks) {
  return (u) => {
    const ctx = u.ctx;
    const ratio = uPlot.pxRatio;
    const {left, top, width, height} = u.bbox;
    ctx.save();
    ctx.font = kFont.replace("12px", `${11.5 * ratio}px`);
    ctx.textBaseline = "bottom";
    ctx.textAlign = "center";
    const ends = [];  // Of the last label in each row.
    for (const mark of [...marks].sort((a, b) => a.x - b.x)) {
      const x = Math.round(u.valToPos(mark.x, "x", true));
      if (x < left || x > left + width) continue;
      const half = ctx.measureText(mark.label).width / 2;
      const middle = Math.min(Math.max(x, left + half), left + width - half);
      let row = 0;
      while (row < ends.length && ends[row] > middle - half) ++row;
      row = Math.min(row, labelRows() - 1);
      ends[row] = middle + half + 8 * ratio;
      const y = top - (5 + 14 * row) * ratio;
      ctx.strokeStyle = mark.colour;
      ctx.lineWidth = ratio;
      ctx.setLineDash([4 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x, top + height);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = css("--card");
      ctx.fillRect(middle - half - 2 * ratio, y - 14 * ratio,
                   2 * half + 4 * ratio, 14 * ratio);
      ctx.fillStyle = mark.text || mark.colour;
      ctx.fillText(mark.label, middle, y);
    }
    ctx.restore();
  };
}

// Durations by frequency. `sets`: {label, bars, colour}; drawn as bars or, when
// they are of several runs, as outlines.
function histogramChart(sets, marks, outlines) {
  const bars = sets.flatMap((set) => set.bars.map(([bar]) => bar));
  // A few bars alone would each be as wide as a hand.
  const spare = Math.max(2, Math.ceil(
      (data.bars_per_decade - Math.max(...bars) + Math.min(...bars)) / 2));
  const low = Math.min(...bars) - spare;
  const high = Math.max(...bars) + spare;
  const per = data.bars_per_decade;
  const floor = Math.log10(0.5);  // So that a bar of one can be seen.
  const xs = [];
  for (let bar = low; bar <= high; ++bar) {
    xs.push((bar + (outlines ? 0 : 0.5)) / per);
  }
  const columns = sets.map((set) => {
    const counts = new Map(set.bars);
    // An outline goes down to the floor inside and beside what it outlines.
    const first = Math.min(...counts.keys()) - 1;
    const last = Math.max(...counts.keys()) + 1;
    return xs.map((_, i) => {
      const n = counts.get(low + i);
      if (n) return Math.log10(n);
      const beside = low + i >= first && low + i <= last;
      return outlines && beside ? floor : null;
    });
  });
  const most = Math.max(...columns.flat().filter((v) => v !== null), 1);
  return {
    data: [xs, ...columns],
    options: {
      padding: paddingFor(marks),
      scales: {x: {time: false}, y: {range: [floor, most + 0.1]}},
      series: [
        {label: "at", value: (u, v) => {
          if (v == null) return "";
          const from = outlines ? v : v - 0.5 / per;
          const to = from + 1 / per;
          return `${duration(10 ** from)} to ${duration(10 ** to)}`;
        }},
        ...sets.map((set) => ({
          label: set.label,
          stroke: set.colour,
          width: outlines ? 1.75 : 0,
          fill: translucent(set.colour, outlines ? 0.12 : 0.85),
          fillTo: floor,
          paths: outlines ? uPlot.paths.stepped({align: 1})
                          : uPlot.paths.bars({size: [0.86, 60]}),
          points: {show: false},
          value: (u, v, i, index) => index == null ? ""
              : v == null || v === floor ? "0" : count(Math.round(10 ** v)),
        })),
      ],
      axes: [
        axis({splits: logSplits, values: logDuration, grid: {show: false}}),
        yAxis({
          splits: (u, a, min, max) => {
            const splits = [];
            for (let d = 0; d <= max; ++d) splits.push(d);
            return splits;
          },
          values: (u, splits) => splits.map((v) => briefCount(10 ** v)),
        }),
      ],
      hooks: {draw: [markLines(marks)]},
    },
  };
}

function percentileMarks(statistics, i) {
  const at = (ns) => Math.log10(Math.max(ns, 1));
  if (several) {
    return [{x: at(statistics.p99_ns), label: "p99", colour: runColour(i)}];
  }
  const mark = (ns, label) => ({x: at(ns), label, colour: css("--muted")});
  const marks = [mark(statistics.max_ns, "longest")];
  if (statistics.count > 1) marks.push(mark(statistics.p50_ns, "p50"));
  if (statistics.count >= 100) marks.push(mark(statistics.p99_ns, "p99"));
  if (statistics.count >= 1000) marks.push(mark(statistics.p999_ns, "p99.9"));
  return marks;
}

// The bars of all kinds of pauses of a run as one.
function allBars(run) {
  const sums = new Map();
  for (const [bar, n] of kinds.flatMap((kind) => run[kind].bars)) {
    sums.set(bar, (sums.get(bar) || 0) + n);
  }
  return [...sums];
}

function pauseHistogram() {
  const some = runs.filter(collections);
  if (!some.length) return "No collection ran.";
  const marks = runs.flatMap((run, i) =>
      collections(run) ? percentileMarks(run.pauses, i) : []);
  const sets = several
      ? runs.map((run, i) => ({label: names[i], bars: allBars(run),
                               colour: runColour(i)}))
      : kinds.filter((kind) => runs[0][kind].bars.length)
            .map((kind) => ({label: kind, bars: runs[0][kind].bars,
                             colour: css("--" + kind)}));
  return histogramChart(sets, marks, several);
}

function operationHistogram() {
  const timed = runs.map((run, i) => ({...run.operations, i}))
      .filter((operations) => operations.count);
  if (!timed.length) return "No operation was timed.";
  return histogramChart(
      timed.map((o) => ({label: several ? names[o.i] : "operations",
                         bars: o.bars, colour: runColour(o.i)})),
      timed.flatMap((o) => percentileMarks(o, o.i)), several);
}

function mmuChart() {
  const shown = runs.map((run, i) => ({...run.mmu, i}))
      .filter((mmu) => mmu.window_ns.length);
  if (!shown.length) return "The run took no time.";
  const columns = uPlot.join(shown.map((mmu) =>
      [mmu.window_ns.map((ns) => Math.log10(ns)), mmu.share]));
  const marks = several || !collections(runs[0]) ? [] : [{
    x: Math.log10(Math.max(runs[0].pauses.max_ns, 1)), label: "longest pause",
    colour: css("--muted"),
  }];
  return {
    data: columns,
    options: {
      padding: paddingFor(marks),
      cursor: {dataIdx: nearestOwn},
      scales: {x: {time: false}, y: {range: [0, 1.0001]}},
      series: [
        {label: "of the worst",
         value: (u, v) => v == null ? "" : duration(10 ** v)},
        ...shown.map((mmu) => ({
          label: several ? names[mmu.i] : "program's share",
          stroke: runColour(mmu.i),
          width: 2,
          fill: several ? undefined : translucent(runColour(mmu.i), 0.1),
          points: {show: false},
          value: (u, v) => v == null ? "" : share(v),
        })),
      ],
      axes: [
        axis({splits: logSplits, values: logDuration}),
        yAxis({splits: () => [0, 0.25, 0.5, 0.75, 1],
               values: (u, splits) => splits.map((v) => `${100 * v}%`)}),
      ],
      hooks: {draw: [markLines(marks)]},
    },
  };
}

const longestRunUs = Math.max(...runs.map((run) => run.wall_ns / 1000), 1);
// Axis and series of time since the start, and cursors that move together.
const timeSeries = {
  label: "at", value: (u, v) => v == null ? "" : duration(v * 1000),
};
const timeAxis = () => axis({
  space: 70,
  values: (u, splits) => splits.map((v) => briefDuration(v * 1000)),
});
const timeCursor = () => ({
  sync: {key: "time", setSeries: false}, dataIdx: nearestOwn,
  y: false, drag: {x: true, y: false},
});

function pausesOverTime() {
  if (!runs.some(collections)) return "No collection ran.";
  // Steps first, since they are many and what is drawn later covers them.
  const sets = runs.flatMap((run, i) => ["step", "minor", "major"]
      .filter((kind) => run[kind].dots.t_us.length)
      .map((kind) => ({
        kind, dots: run[kind].dots,
        label: several ? `${names[i]}, ${kind}` : kind,
        colour: several ? runColour(i) : css("--" + kind),
      })));
  const logs = sets.map((set) =>
      set.dots.pause_ns.map((ns) => Math.log10(Math.max(ns, 1))));
  let low = Infinity;
  let high = -Infinity;
  for (const v of logs.flat()) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  // At least a decade, so that there are ticks to read the dots by.
  const spare = Math.max(0.15, (1 - (high - low)) / 2);
  const columns = joined(sets.map((set, i) => [set.dots.t_us, logs[i]]),
                         [0, longestRunUs]);
  // Dots shrink as they become many, so that they stay apart.
  const size = columns[0].length > 4000 ? 3 : columns[0].length > 100 ? 4.5 : 7;
  return {
    data: columns,
    options: {
      padding: [12, 16, 0, 0],
      cursor: timeCursor(),
      scales: {x: {time: false}, y: {range: [low - spare, high + spare]}},
      series: [timeSeries, ...sets.map((set) => {
        const major = set.kind === "major";
        return {
          label: set.label,
          stroke: set.colour,
          paths: () => null,
          points: {
            show: true,
            size: major ? 7 : size,
            width: several && major ? 1.5 : 0,
            stroke: set.colour,
            fill: several && major ? css("--card")
                : translucent(set.colour, major ? 0.95 : size > 3 ? 0.75 : 0.5),
          },
          value: (u, v) => v == null ? "" : duration(10 ** v),
        };
      })],
      axes: [timeAxis(), yAxis({splits: logSplits, values: logDuration},
                               kTimeChartLeft)],
    },
  };
}

function overTime(sets, format, axisFormat) {
  const columns = joined(sets.map((set) => [set.xs, set.ys]),
                         [0, longestRunUs]);
  let most = 1;
  for (const set of sets) for (const y of set.ys) most = Math.max(most, y);
  return {
    data: columns,
    options: {
      padding: [12, 16, 0, 0],
      cursor: timeCursor(),
      scales: {x: {time: false}, y: {range: [0, most * 1.06]}},
      series: [timeSeries, ...sets.map((set) => ({
        label: set.label,
        stroke: set.colour,
        width: set.width || 1.5,
        fill: set.fill && translucent(set.colour, set.fill),
        paths: set.stepped ? uPlot.paths.stepped({align: 1}) : undefined,
        // A line of one point would not be seen.
        points: {show: set.xs.length < 2, size: 6, fill: set.colour},
        value: (u, v) => v == null ? "" : format(v),
      }))],
      axes: [timeAxis(), yAxis({
        incrs: byteSteps, space: 36,
        values: (u, splits) => splits.map(axisFormat),
      }, kTimeChartLeft)],
    },
  };
}

function heapOverTime() {
  if (!runs.some((run) => run.heap.t_us.length)) return "No collection ran.";
  const sets = runs.map((run, i) => ({
    label: several ? names[i] : "in use", xs: run.heap.t_us,
    ys: run.heap.bytes, colour: runColour(i), fill: several ? 0 : 0.14,
    width: run.heap.t_us.length > 1000 ? 1 : 1.5,
  }));
  if (!several) {
    sets.push({label: "old space", xs: runs[0].old.t_us,
               ys: runs[0].old.bytes, colour: css("--old"), width: 2});
  }
  return overTime(sets, bytes, briefBytes);
}

function allocationRate() {
  const sets = runs.map((run, i) => {
    const xs = run.rate.t_us;
    const ys = run.rate.bytes_per_s;
    // The last step reaches to the end of the run.
    const closed = xs.length > 0;
    return {
      label: several ? names[i] : "allocated",
      xs: closed ? [...xs, run.wall_ns / 1000] : xs,
      ys: closed ? [...ys, ys[ys.length - 1]] : ys,
      colour: runColour(i), fill: several ? 0 : 0.14, stepped: true,
    };
  });
  if (!sets.some((set) => set.xs.length)) return "The run took no time.";
  return overTime(sets, rate, (b) => briefBytes(b) + "/s");
}

// For those who cannot see the canvas: what it would tell.
function describe(id) {
  return names.map((name, i) => {
    const run = runs[i];
    switch (id) {
      case "mmu": return `${name}: ${share(run.mutator_share)} of the run`;
      case "heap": return `${name}: peak ${bytes(run.heap_peak_bytes)}`;
      case "rate": return `${name}: ${rate(run.allocation_rate)} on average`;
      default: return `${name}: ${count(collections(run))} pauses, ` +
          `median ${duration(run.pauses.p50_ns)}, ` +
          `longest ${duration(run.pauses.max_ns)}`;
    }
  }).join("; ");
}

function drawCharts() {
  for (const {plot} of drawn) plot.destroy();
  drawn.length = 0;
  const charts = {
    histogram: pauseHistogram, mmu: mmuChart, operations: operationHistogram,
    pauses: pausesOverTime, heap: heapOverTime, rate: allocationRate,
  };
  for (const [id, make] of Object.entries(charts)) {
    const host = byId(id);
    const made = make();
    host.classList.toggle("empty", typeof made === "string");
    if (typeof made === "string") {
      host.replaceChildren(nothing(made));
      continue;
    }
    host.replaceChildren();
    const plot = new uPlot({
      width: widthOf(host), height: heightOf(host), ...made.options,
      legend: {live: true, markers: {width: 0,
          fill: (u, i) => u.series[i]._stroke || u.series[i].stroke(u, i)}},
    }, made.data, host);
    const canvas = host.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", describe(id));
    drawn.push({host, plot});
  }
}

// ---------------------------------------------------------------- Start

function showAll() {
  showTitle();
  if (several) showComparison(); else showCards(runs[0]);
  showNotes();
  showPercentiles();
  showMemory();
  showPhases();
  showLongest();
  showOptions();
  byId("operations-section").hidden = !runs.some((run) => run.operations);
  if (several) {
    byId("pauses-about").textContent += " Rings are major collections.";
    byId("heap-about").textContent =
        "Memory in use before and after each collection.";
  }
}

if (runs.length) {
  byId("report").hidden = false;
  showAll();
  drawCharts();
  matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", drawCharts);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;  // Phones resize as they scroll.
    width = window.innerWidth;
    for (const {host, plot} of drawn) {
      plot.setSize({width: widthOf(host), height: heightOf(host)});
    }
  });
}
