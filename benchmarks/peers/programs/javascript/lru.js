// lru, as in tools/fledge/workloads/lru.cc: a cache that drops what was used
// least recently, each operation timed.
// Usage: node lru.js ENTRIES OPERATIONS
'use strict';

const PAYLOAD_DOUBLES = 16;

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

// Counted in bins of equal width: keeping and sorting all of the times would
// show in the run's own time and memory.
class OperationTimes {
  static BIN_NS = 100;
  static BINS = 1000000;

  constructor() {
    this.counts = new Uint32Array(OperationTimes.BINS);
    this.count = 0;
    this.worstNs = 0;
    this.last = performance.now();
  }

  // One operation ends and the next begins.
  next() {
    const now = performance.now();
    const ns = Math.round((now - this.last) * 1e6);
    this.last = now;
    if (ns > this.worstNs) this.worstNs = ns;
    const bin = Math.floor(ns / OperationTimes.BIN_NS);
    ++this.counts[Math.min(bin, OperationTimes.BINS - 1)];
    ++this.count;
  }

  worstUs() {
    return this.worstNs / 1e3;
  }

  // The time that `share` of the operations stay below. Those past the last
  // bin count as the worst.
  percentileUs(share) {
    const rank = Math.floor(this.count * share);
    let below = 0;
    for (let bin = 0; bin < OperationTimes.BINS - 1; ++bin) {
      below += this.counts[bin];
      if (below > rank) {
        return Math.min((bin + 1) * OperationTimes.BIN_NS / 1e3,
                        this.worstUs());
      }
    }
    return this.worstUs();
  }
}

class Entry {
  constructor(key, payload, chain) {
    this.chain = chain;
    this.previous = null;
    this.next = null;
    this.payload = payload;
    this.key = key;
  }
}

function makePayload(key, sequence) {
  // A literal of fractions is an array of plain doubles from its birth. One
  // made by its length would be an array of anything first, and a Float64Array
  // is three objects, twice the size.
  const payload = [
    0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
    0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
  ];
  const value = key + sequence * 0.5;
  for (let i = 0; i < PAYLOAD_DOUBLES; ++i) payload[i] = value;
  return payload;
}

function unlink(entry) {
  entry.previous.next = entry.next;
  entry.next.previous = entry.previous;
}

class Cache {
  constructor(capacity) {
    const hashBits = 32 - Math.clz32(capacity - 1);
    this.capacity = capacity;
    this.hashShift = 32 - hashBits;
    this.buckets = new Array(2 ** hashBits).fill(null);
    // The list's first follows it, its last precedes it.
    this.ends = new Entry(0, null, null);
    this.ends.previous = this.ends.next = this.ends;
    this.size = 0;
    this.hits = 0;
    this.sum = 0;
  }

  // Gets the value of `key`, if it is there, and sets it anew. Either way it
  // is the entry used last.
  use(key, sequence) {
    const bucket = this.bucketOf(key);
    let entry = this.buckets[bucket];
    while (entry !== null && entry.key !== key) entry = entry.chain;
    if (entry !== null) {
      ++this.hits;
      this.sum += entry.payload[key % PAYLOAD_DOUBLES];
      entry.payload = makePayload(key, sequence);
      unlink(entry);
      this.linkFirst(entry);
      return;
    }
    if (this.size === this.capacity) this.dropLast();
    entry = new Entry(key, makePayload(key, sequence), this.buckets[bucket]);
    this.buckets[bucket] = entry;
    this.linkFirst(entry);
    ++this.size;
  }

  isFull() {
    return this.size === this.capacity;
  }

  forgetStatistics() {
    this.hits = 0;
    this.sum = 0;
  }

  bucketOf(key) {
    return Math.imul(key, 0x9e3779b1) >>> this.hashShift;
  }

  dropLast() {
    const last = this.ends.previous;
    unlink(last);
    const bucket = this.bucketOf(last.key);
    let holder = this.buckets[bucket];
    if (holder === last) {
      this.buckets[bucket] = last.chain;
    } else {
      while (holder.chain !== last) holder = holder.chain;
      holder.chain = last.chain;
    }
    --this.size;
  }

  linkFirst(entry) {
    entry.next = this.ends.next;
    entry.previous = this.ends;
    this.ends.next.previous = entry;
    this.ends.next = entry;
  }
}

function main() {
  const [entries, operations] = process.argv.slice(2).map(Number);
  const keys = 2 * entries;

  const cache = new Cache(entries);
  const random = new Xorshift();
  let sequence = 0;
  while (!cache.isFull()) cache.use(random.below(keys), sequence++);
  cache.forgetStatistics();

  const times = new OperationTimes();
  for (let i = 0; i < operations; ++i) {
    cache.use(random.below(keys), sequence++);
    times.next();
  }
  console.log(
      `hits=${cache.hits} sum=${cache.sum.toFixed(1)} ` +
      `p9999_us=${times.percentileUs(0.9999).toFixed(1)} ` +
      `worst_us=${times.worstUs().toFixed(1)}`);
}

main();
