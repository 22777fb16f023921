// The report's figures, tables and bars, from the JSON in #data. Text of a run
// goes into the page as text nodes only, so that it cannot become markup.
//
// charts.js, which follows, draws the charts and starts both: scripts of one
// page share their names.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const runs = data.runs;
const several = runs.length > 1;
const byId = (id) => document.getElementById(id);

// ---------------------------------------------------------------- Units

// Three digits of `value` in the first of `units` that needs no more.
function scaled(value, factor, units) {
  let unit = 0;
  while (unit + 1 < units.length && Math.round(value) >= factor) {
    value /= factor;
    ++unit;
  }
  const decimals = unit === 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return [value.toFixed(decimals), units[unit]];
}
const kTimes = ["ns", "µs", "ms", "s"];
const kSizes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const kThousands = ["", "k", "M", "G", "T"];
const duration = (ns) => scaled(ns, 1000, kTimes).join("\u00a0");
const bytes = (b) => scaled(b, 1024, kSizes).join("\u00a0");
const rate = (b) => bytes(b) + "/s";
const count = (n) => n < 100000
    ? n.toLocaleString("en-US")
    : scaled(n, 1000, kThousands).join("\u00a0").trim();
function share(part) {
  const percent = 100 * part;
  const distance = Math.min(percent, 100 - percent);
  if (distance > 0 && distance < 0.005) {
    return percent < 50 ? "<0.01%" : ">99.99%";
  }
  return percent.toFixed(distance > 0 && distance < 0.995 ? 2 : 1) + "%";
}
const plural = (n, noun) => count(n) + "\u00a0" + noun + (n === 1 ? "" : "s");
// For axes: no digits that say nothing.
const brief = ([digits, unit]) => Number(digits) + (unit && "\u00a0" + unit);
const briefDuration = (ns) =>
    ns === 0 ? "0" : brief(scaled(Math.round(ns), 1000, kTimes));
const briefCount = (n) => n < 100000 ? count(n)
    : brief(scaled(n, 1000, kThousands));
const briefBytes = (b) => brief(scaled(b, 1024, kSizes));

// ---------------------------------------------------------------- Page

// An element with properties, `style` variables and children; strings become
// text nodes.
function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "colour") element.style.setProperty("--colour", value);
    else if (key === "width") element.style.width = value;
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const css = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const runVariable = (i) => `var(--run-${i % 6})`;
const runColour = (i) => css(`--run-${i % 6}`);
const dot = (colour) => el("span", {className: "dot", colour});

const nothing = (text) => el("p", {className: "nothing"}, text);

// Short names by which several runs can be told apart.
const names = runs.map((run) => run.policy);
if (new Set(names).size < names.length) {
  const full = runs.map((run) => `${run.title}, ${run.policy}`);
  const unique = new Set(full).size === full.length;
  runs.forEach((run, i) => {
    names[i] = unique ? full[i] : `${i + 1}: ${full[i]}`;
  });
}

function table(host, header, rows) {
  const cell = (tag, content) => {
    if (content && content.element) return content.element(tag);
    return content instanceof Node ? el(tag, {}, content)
                                   : el(tag, {}, String(content));
  };
  host.className = "figures";
  host.replaceChildren(
      el("thead", {}, el("tr", {}, ...header.map((c) => {
        const th = cell("th", c);
        th.scope = "col";
        return th;
      }))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((c, i) => {
        const made = cell(i === 0 ? "th" : "td", c);
        if (i === 0) made.scope = "row";
        return made;
      })))));
}
const classed = (className, ...content) =>
    ({element: (tag) => el(tag, {className}, ...content)});

function showTitle() {
  const titles = new Set(runs.map((run) => run.title));
  const subtitle = byId("subtitle");
  if (several) {
    byId("title").textContent = [...titles].join(" and ");
    subtitle.replaceChildren(`${runs.length} runs compared: `);
    names.forEach((name, i) => {
      subtitle.append(i ? ", " : "", el("span", {className: "together"},
          dot(runVariable(i)), el("b", {}, name)));
    });
    return;
  }
  const run = runs[0];
  byId("title").textContent = run.title;
  subtitle.replaceChildren("Policy ", el("b", {}, run.policy));
  if (run.result) {
    const line = run.result.split("\n")[0].slice(0, 160);
    const shown = line === run.result ? line : line + " …";
    subtitle.append(", result ", el("b", {}, shown));
  }
}

// What a pause is for: a minor or a major collection, or a step of one that
// marks in steps.
const kinds = ["minor", "step", "major"];
const collectorShare = (run) => 1 - run.mutator_share;
const collections = (run) => run.minor.pauses.count + run.major.pauses.count;
const promotedShare = (run) =>
    run.allocated_bytes ? run.promoted_bytes / run.allocated_bytes : 0;
const pauseOr = (run, value) => collections(run) ? duration(value) : "none";

function showCards(run) {
  const pauses = run.pauses;
  const cards = [
    ["Wall time", duration(run.wall_ns),
     `${duration(run.mutator_ns)} in the program`],
    ["Collector's share", share(collectorShare(run)),
     `program ${share(run.mutator_share)}`],
    ["Collections", count(collections(run)),
     `${count(run.minor.pauses.count)} minor, ` +
         `${count(run.major.pauses.count)} major` +
         (run.cycles.count ? `, ${plural(run.cycles.count, "cycle")} in ` +
              plural(run.step.pauses.count, "step") : "")],
    ["Allocated", bytes(run.allocated_bytes),
     rate(run.allocation_rate) + (run.allocated_objects
         ? ", " + plural(run.allocated_objects, "object") : "")],
    ["Promoted", bytes(run.promoted_bytes),
     `${share(promotedShare(run))} of the allocated`],
    ["Pause, p50", pauseOr(run, pauses.p50_ns),
     `${duration(pauses.total_ns)} in all`],
    ["Pause, p99", pauseOr(run, pauses.p99_ns),
     `p99.9: ${pauseOr(run, pauses.p999_ns)}`],
    ["Pause, longest", pauseOr(run, pauses.max_ns),
     `to stop: ${duration(run.longest_time_to_safepoint_ns)} at most`],
    ["Peak heap", bytes(run.heap_peak_bytes),
     `${bytes(run.heap_live_bytes)} live at the end`],
    ["Peak RSS", bytes(run.peak_rss_bytes),
     run.external_bytes ? `${bytes(run.external_bytes)} external at the end`
                        : "of the whole process"],
  ];
  byId("figures").replaceChildren(el("dl", {className: "cards"},
      ...cards.map(([name, value, detail]) => el("div", {},
          el("dt", {}, name),
          el("dd", {className: "value"}, value),
          el("dd", {className: "detail"}, detail)))));
}

// A column a run, and how each compares to the first.
function showComparison() {
  const rows = [
    ["Wall time", (r) => r.wall_ns, duration],
    ["Collector's share", collectorShare, share],
    ["Minor collections", (r) => r.minor.pauses.count, count],
    ["Major collections", (r) => r.major.pauses.count, count],
    ...(runs.some((run) => run.cycles.count) ? [
      ["Cycles in steps", (r) => r.cycles.count, count],
      ["Step, longest", (r) => r.step.pauses.max_ns, duration],
    ] : []),
    ["Pause, p50", (r) => r.pauses.p50_ns, duration],
    ["Pause, p99", (r) => r.pauses.p99_ns, duration],
    ["Pause, p99.9", (r) => r.pauses.p999_ns, duration],
    ["Pause, longest", (r) => r.pauses.max_ns, duration],
    ["Pauses together", (r) => r.pauses.total_ns, duration],
    ["Peak heap", (r) => r.heap_peak_bytes, bytes],
    ["Peak RSS", (r) => r.peak_rss_bytes, bytes],
    ["Allocated", (r) => r.allocated_bytes, bytes],
    ["Allocation rate", (r) => r.allocation_rate, rate],
    ["Promoted", (r) => r.promoted_bytes, bytes],
  ];
  if (runs.some((run) => run.operations)) {
    rows.push(["Operation, p99.99", (r) => r.operations?.p9999_ns, duration],
              ["Operation, longest", (r) => r.operations?.max_ns, duration]);
  }
  const figures = el("table");
  table(figures,
      ["Ratio to the first", ...names.map((name, i) =>
          classed("", dot(runVariable(i)), name))],
      rows.map(([name, value, format]) => [name, ...runs.map((run, i) => {
        const mine = value(run);
        if (mine === undefined) return "–";
        const first = value(runs[0]);
        const ratio = i > 0 && first > 0
            ? el("small", {}, "×" + (mine / first).toFixed(2)) : null;
        return classed("", format(mine), ratio);
      })]));
  byId("figures").replaceChildren(
      el("div", {className: "compare", tabIndex: 0}, figures));
}

function showNotes() {
  const notes = [];
  for (const [i, run] of runs.entries()) {
    for (const kind of kinds) {
      const stride = run[kind].stride;
      if (stride === 1) continue;
      const whose = several ? ` of ${names[i]}` : "";
      const what = kind === "step" ? "steps" : `${kind} collections`;
      notes.push(`Of the ${what}${whose}, ` +
          `one in ${stride} was kept for the charts over time.`);
    }
  }
  byId("notes").hidden = notes.length === 0;
  byId("notes").textContent =
      notes.join(" ") + " Figures and histograms count all.";
}

function showPercentiles() {
  const rows = [];
  const add = (label, s) => rows.push([label, count(s.count),
      ...[s.p50_ns, s.p90_ns, s.p99_ns, s.p999_ns, s.p9999_ns, s.max_ns,
          s.total_ns].map((ns) => s.count ? duration(ns) : "–")]);
  for (const [i, run] of runs.entries()) {
    add(several ? classed("", dot(runVariable(i)), names[i]) : "All pauses",
        run.pauses);
    if (kinds.filter((kind) => run[kind].pauses.count).length > 1) {
      for (const kind of kinds) {
        if (!run[kind].pauses.count) continue;
        add(classed("part", {minor: "Minor", step: "Steps", major: "Major"}[
            kind]), run[kind].pauses);
        if (kind !== "minor") continue;
        for (const part of run.cycles.parts) {
          if (part.pauses.count) {
            add(classed("part", "Minor, cycle " + part.name), part.pauses);
          }
        }
      }
    }
    if (run.operations) {
      add(several ? classed("part", "Operations") : "Operations",
          run.operations);
    }
  }
  table(byId("percentiles"), ["", "Count", "p50", "p90", "p99", "p99.9",
      "p99.99", "Longest", "Total"], rows);
}

function phaseBar(phases, className, width) {
  const total = phases.reduce((sum, ns) => sum + ns, 0);
  return el("div", {className: "bar " + className, width},
      ...phases.map((ns, p) => ns > 0 ? el("span", {
        colour: `var(--phase-${p})`,
        width: `${100 * ns / total}%`,
        title: `${data.phases[p]}: ${duration(ns)}, ${share(ns / total)}`,
      }) : null));
}

function showPhases() {
  const host = byId("phases");
  const bars = [];
  for (const [i, run] of runs.entries()) {
    for (const kind of ["minor", "major"]) {
      const of = run[kind];
      if (!of.pauses.count) continue;
      bars.push({
        name: (several ? names[i] + ", " : "") + kind, phases: of.phase_ns,
        total: of.phase_ns.reduce((sum, ns) => sum + ns, 0),
        count: of.pauses.count, kind,
      });
    }
  }
  if (!bars.length) {
    host.replaceChildren(nothing("No collection ran."));
    return;
  }
  const most = Math.max(...bars.map((bar) => bar.total), 1);
  const figures = el("table");
  table(figures,
      ["Phase", ...bars.map((bar) => bar.name)],
      data.phases.map((phase, p) => [
        classed("", dot(`var(--phase-${p})`), phase),
        ...bars.map((bar) => classed("", duration(bar.phases[p]),
            el("small", {}, share(bar.total ? bar.phases[p] / bar.total : 0)))),
      ]));
  host.replaceChildren(
      el("ul", {className: "keys"}, ...data.phases.map((phase, p) =>
          el("li", {}, dot(`var(--phase-${p})`), phase))),
      ...bars.map((bar) => el("div", {className: "bar-row"},
          el("p", {}, el("span", {}, bar.name), el("span",
              {className: "detail"}, `${duration(bar.total)} in ` +
              `${plural(bar.count, "collection")}, ` +
              `${duration(bar.total / bar.count)} each`)),
          phaseBar(bar.phases, "", `${100 * bar.total / most}%`))),
      el("div", {className: "scroll phase-table", tabIndex: 0}, figures));
}

function showLongest() {
  // The worst run would leave no place for the others.
  const each = several ? 5 : Infinity;
  const shown = runs.flatMap((run, i) =>
      run.longest.slice(0, each).map((pause) => ({...pause, i})));
  const host = byId("longest");
  if (!shown.length) {
    host.replaceWith(nothing("No collection ran."));
    return;
  }
  const leading = (pause) => pause.phase_ns
      .map((ns, p) => [ns, data.phases[p]]).sort((a, b) => b[0] - a[0])
      .filter(([ns]) => ns > 0.01 * pause.pause_ns).slice(0, 2)
      .map(([ns, phase]) => `${phase} ${duration(ns)}`).join(", ");
  const text = (content) => classed("text", content);
  table(host,
      ["Pause", "On processor", ...(several ? [text("Run")] : []), text("Kind"),
       text("Reason"), "At", text("Phases"), "Heap before", "After", "Copied"],
      shown.map((pause) => [
        duration(pause.pause_ns), duration(pause.processor_ns),
        ...(several ? [classed("text", dot(runVariable(pause.i)),
                               names[pause.i])] : []),
        several ? text(pause.kind)
                : classed("text", dot(`var(--${pause.kind})`), pause.kind),
        text(pause.reason), duration(pause.t_us * 1000),
        classed("text", phaseBar(pause.phase_ns, "thin", "100%"),
                el("small", {className: "leading"}, leading(pause))),
        bytes(pause.heap_before_bytes), bytes(pause.heap_after_bytes),
        bytes(pause.copied_bytes),
      ]));
}

// KEY=VALUE,... as a list; other text as it is.
function optionList(text) {
  if (!text) {
    return el("p", {className: "note"}, "All options at their defaults.");
  }
  const parts = text.split(",").map((part) => part.split("="));
  if (parts.some((part) => part.length !== 2)) return el("p", {}, text);
  return el("dl", {className: "options"}, ...parts.map(([key, value]) =>
      el("div", {}, el("dt", {}, key), el("dd", {}, value))));
}

function showOptions() {
  byId("options").replaceChildren(...runs.flatMap((run, i) => [
    several ? el("p", {className: "options-title"}, dot(runVariable(i)),
                 names[i]) : "",
    optionList(run.options),
  ]));
}
