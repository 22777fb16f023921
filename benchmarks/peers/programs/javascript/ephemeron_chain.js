// ephemeron-chain, as in benchmarks/peers/programs/fledge/ephemeron_chain.cc.
// Usage: node --expose-gc --allow-natives-syntax ephemeron_chain.js N
'use strict';

// Marsaglia's xorshift of 32 bits, as in every program of this workload.
class Xorshift {
  constructor() {
    this.state = 2463534242 | 0;
  }

  below(bound) {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % bound;
  }
}

class Key {}

function shuffled(count) {
  const order = Uint32Array.from({length: count}, (_, i) => i);
  const random = new Xorshift();
  for (let i = count - 1; i > 0; --i) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// Puts `count` entries into the map. Returns the first key, which leads to all
// others.
function addChain(map, count) {
  const keys = Array.from({length: count + 1}, () => new Key());
  for (const i of shuffled(count)) map.set(keys[i], keys[i + 1]);
  return keys[0];
}

function lengthFrom(map, held) {
  let length = 0;
  let key = held.first;
  while ((key = map.get(key)) !== undefined) ++length;
  return length;
}

function timeUs(action) {
  const start = performance.now();
  action();
  return (performance.now() - start) * 1e3;
}

function main() {
  const count = Number(process.argv[2]);
  const map = new WeakMap();
  // Not a variable: the interpreter would leave a copy in a register of this
  // function, which counts as held.
  const held = {};

  const buildUs = timeUs(() => {
    held.first = addChain(map, count);
  });
  const keepUs = timeUs(gc);
  const kept = lengthFrom(map, held);
  const dropUs = timeUs(() => {
    held.first = null;
    gc();
  });
  // A WeakMap does not tell its size, but the engine's own tests can ask.
  const gone = count - %GetWeakCollectionSize(map);

  console.log(
      `kept=${kept} gone=${gone} build_us=${buildUs.toFixed(1)} ` +
      `keep_us=${keepUs.toFixed(1)} drop_us=${dropUs.toFixed(1)}`);
}

main();
