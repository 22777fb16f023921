// What a program in Lambda allocated and kept: a table by type and one by
// function, with figures.js's words. Only in the report of one run.
"use strict";

const kTypesShown = 12;
const kFunctionsShown = 12;
const ratio = (part, whole) => whole > 0 ? part / whole : 0;

// Two bars, one above the other: of all that was allocated, and of all that was
// there at the heap's peak.
function shareBars(allocated, peak) {
  const bar = (part, colour, what) => el("div",
      {className: "bar thin", title: `${share(part)} of ${what}`},
      el("span", {colour, width: `${100 * part}%`}));
  return classed("text shares", bar(allocated, "var(--minor)",
                                    "the allocated"),
                 bar(peak, "var(--old)", "the heap at its peak"));
}

// The first rows, and one for all others.
function withRest(items, shown, fields) {
  const first = items.slice(0, shown);
  const others = items.slice(shown);
  if (others.length) {
    const rest = {name: `${count(others.length)} ` +
                        (others.length === 1 ? "other" : "others"),
                  isRest: true};
    for (const field of fields) {
      rest[field] = others.reduce((sum, item) => sum + (item[field] || 0), 0);
    }
    first.push(rest);
  }
  return first;
}

const kSums = ["allocated_bytes", "samples", "sampled_live_bytes",
               "live_bytes", "live_objects", "peak_bytes"];
const nameCell = (item, ...more) =>
    classed(item.isRest ? "part" : "name", item.name, ...more);

function showTypes(memory, hasHeap) {
  table(byId("memory-types"),
      ["Type", classed("text shares", ""), "Allocated", "Share", "Samples",
       "At the peak", ...(hasHeap ? ["Live at the end", "Objects"] : [])],
      withRest(memory.types, kTypesShown, kSums).map((type) => {
        const part = ratio(type.allocated_bytes, memory.allocated_bytes);
        return [
          nameCell(type),
          shareBars(part, ratio(type.peak_bytes, memory.peak_bytes)),
          bytes(type.allocated_bytes), share(part), count(type.samples),
          bytes(type.peak_bytes),
          ...(hasHeap ? [bytes(type.live_bytes), count(type.live_objects)]
                      : []),
        ];
      }));
}

// The types of what a function allocated; opened, its places.
function placesCell(of) {
  if (!of.places) return "";
  const types = new Map();
  for (const place of of.places) {
    types.set(place.type,
              (types.get(place.type) || 0) + place.allocated_bytes);
  }
  const mostly = [...types].sort((a, b) => b[1] - a[1]).slice(0, 3)
      .map(([type, b]) => `${type} ${share(ratio(b, of.allocated_bytes))}`)
      .join(", ");
  const places = of.places.map((place) => el("li", {},
      el("span", {}, place.at || "its begin"), ` ${place.type} `,
      el("b", {}, bytes(place.allocated_bytes)),
      place.through ? ` through ${place.through}` : ""));
  return classed("text", el("details", {}, el("summary", {}, mostly),
                            el("ul", {}, ...places)));
}

function showFunctions(memory, hasHeap) {
  const functions = withRest(memory.functions, kFunctionsShown, kSums);
  // The data has not each that there is.
  const shown = Math.min(memory.functions.length, kFunctionsShown);
  const unlisted = memory.function_count - shown;
  const rest = functions[functions.length - 1];
  if (rest && rest.isRest) {
    rest.name = `${count(unlisted)} ` + (unlisted === 1 ? "other" : "others");
    for (const field of kSums) {
      rest[field] = (memory[field] || 0) - memory.functions.slice(0, shown)
          .reduce((sum, of) => sum + (of[field] || 0), 0);
    }
  }
  table(byId("memory-functions"),
      ["Function", classed("text shares", ""), "Allocated", "Share", "Samples",
       "At the peak", ...(hasHeap ? ["Live at the end"] : []),
       classed("text", "What, and where")],
      functions.map((of) => {
        const part = ratio(of.allocated_bytes, memory.allocated_bytes);
        return [
          nameCell(of, of.place ? el("small", {}, of.place) : null),
          shareBars(part, ratio(of.peak_bytes, memory.peak_bytes)),
          bytes(of.allocated_bytes), share(part), count(of.samples),
          bytes(of.peak_bytes),
          ...(hasHeap ? [bytes(of.sampled_live_bytes)] : []),
          placesCell(of),
        ];
      }));
}

function showMemory() {
  const memory = several ? undefined : runs[0].memory;
  byId("memory-section").hidden = memory === undefined;
  if (memory === undefined) return;
  const hasHeap = memory.live_bytes !== undefined;
  byId("memory-about").textContent =
      `Estimated from ${plural(memory.samples, "sample")}, one each ` +
      `${bytes(memory.interval_bytes)} on average` +
      (hasHeap ? "; what is live by type is exact. " : ". ") +
      "What a procedure of the library allocates counts for its caller. The " +
      "peak is after the collection that left most.";
  byId("memory-keys").replaceChildren(
      el("li", {}, dot("var(--minor)"), "of the allocated"),
      el("li", {}, dot("var(--old)"), "of the heap at its peak"));
  showTypes(memory, hasHeap);
  showFunctions(memory, hasHeap);
}
