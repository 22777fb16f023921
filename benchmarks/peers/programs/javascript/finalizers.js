// finalizers, as in benchmarks/peers/programs/fledge/finalizers.cc.
// Usage: node --expose-gc finalizers.js N
'use strict';

const {setTimeout: sleep} = require('timers/promises');

const CYCLE_EVERY = 20;
// How long nothing happens until it counts as all that one collection found.
const PATIENCE_MS = 200;

class Node {
  constructor() {
    this.other = null;
  }
}

let ran = 0;
let sum = 0;

const registry = new FinalizationRegistry((id) => {
  ++ran;
  sum += id;
});

function addObjects(count) {
  const objects = Array.from({length: count}, () => new Node());
  for (let i = 0; i + 1 < count; i += CYCLE_EVERY) {
    objects[i].other = objects[i + 1];
    objects[i + 1].other = objects[i];
  }
  objects.forEach((object, id) => registry.register(object, id));
}

// Requests collections until all callbacks ran or one brings no more. Returns
// how long it took to the last of them.
async function collect(count) {
  const start = performance.now();
  let last = start;
  let seen = 0;
  let before;
  do {
    before = seen;
    gc();
    // Callbacks run in tasks of their own, not within gc().
    for (let idle = 0; idle < PATIENCE_MS && seen < count; ++idle) {
      if (ran !== seen) {
        seen = ran;
        last = performance.now();
        idle = 0;
      } else {
        await sleep(1);
      }
    }
  } while (before < seen && seen < count);
  return last - start;
}

async function main() {
  const count = Number(process.argv[2]);
  const start = performance.now();
  addObjects(count);
  const buildUs = (performance.now() - start) * 1e3;
  const collectUs = await collect(count) * 1e3;
  console.log(
      `ran=${ran} sum=${sum} build_us=${buildUs.toFixed(1)} ` +
      `collect_us=${collectUs.toFixed(1)}`);
}

main();
