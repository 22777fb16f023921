// lru, as in tools/fledge/workloads/lru.cc: a cache that drops what was used
// least recently, each operation timed.
//
// Usage: lru ENTRIES OPERATIONS
package main

import (
	"fmt"
	"math/bits"
	"os"
	"strconv"
	"time"
)

const payloadDoubles = 16

// xorshift is Marsaglia's of 32 bits, as in every program of this workload.
type xorshift uint32

func (x *xorshift) below(bound uint32) uint32 {
	*x ^= *x << 13
	*x ^= *x >> 17
	*x ^= *x << 5
	return uint32(*x) % bound
}

const (
	binNs = 100
	bins  = 1000000
)

// operationTimes counts durations in bins of equal width: keeping and sorting
// all of them would show in the run's own time and memory.
type operationTimes struct {
	counts  [bins]uint32
	count   int
	worstNs int64
	start   time.Time
	last    time.Duration
}

func newOperationTimes() *operationTimes {
	return &operationTimes{start: time.Now()}
}

// next ends an operation and begins another.
func (t *operationTimes) next() {
	now := time.Since(t.start)
	ns := (now - t.last).Nanoseconds()
	t.last = now
	if ns > t.worstNs {
		t.worstNs = ns
	}
	bin := ns / binNs
	if bin > bins-1 {
		bin = bins - 1
	}
	t.counts[bin]++
	t.count++
}

func (t *operationTimes) worstUs() float64 { return float64(t.worstNs) / 1e3 }

// percentileUs is the time that share of the operations stay below. Those past
// the last bin count as the worst.
func (t *operationTimes) percentileUs(share float64) float64 {
	rank := int(float64(t.count) * share)
	below := 0
	for bin, count := range t.counts[:bins-1] {
		below += int(count)
		if below > rank {
			us := float64((bin+1)*binNs) / 1e3
			if us > t.worstUs() {
				return t.worstUs()
			}
			return us
		}
	}
	return t.worstUs()
}

type payload [payloadDoubles]float64

func newPayload(key, sequence uint32) *payload {
	p := new(payload)
	value := float64(key) + float64(sequence)*0.5
	for i := range p {
		p[i] = value
	}
	return p
}

type entry struct {
	chain, previous, next *entry
	payload               *payload
	key                   uint32
}

func (e *entry) unlink() {
	e.previous.next = e.next
	e.next.previous = e.previous
}

type cache struct {
	capacity  uint32
	hashShift int
	buckets   []*entry
	ends      *entry // The list's first follows it, its last precedes it.
	size      uint32
	hits      int
	sum       float64
}

func newCache(capacity uint32) *cache {
	hashBits := bits.Len32(capacity - 1)
	ends := &entry{}
	ends.previous = ends
	ends.next = ends
	return &cache{
		capacity:  capacity,
		hashShift: 32 - hashBits,
		buckets:   make([]*entry, 1<<hashBits),
		ends:      ends,
	}
}

// use gets the value of key, if it is there, and sets it anew. Either way it
// is the entry used last.
func (c *cache) use(key, sequence uint32) {
	bucket := &c.buckets[c.bucketOf(key)]
	e := *bucket
	for e != nil && e.key != key {
		e = e.chain
	}
	if e != nil {
		c.hits++
		c.sum += e.payload[key%payloadDoubles]
		e.payload = newPayload(key, sequence)
		e.unlink()
		c.linkFirst(e)
		return
	}
	if c.isFull() {
		c.dropLast()
	}
	e = &entry{key: key, payload: newPayload(key, sequence), chain: *bucket}
	*bucket = e
	c.linkFirst(e)
	c.size++
}

func (c *cache) isFull() bool { return c.size == c.capacity }

func (c *cache) forgetStatistics() {
	c.hits = 0
	c.sum = 0
}

func (c *cache) bucketOf(key uint32) uint32 {
	return (key * 0x9e3779b1) >> c.hashShift
}

func (c *cache) dropLast() {
	last := c.ends.previous
	last.unlink()
	holder := &c.buckets[c.bucketOf(last.key)]
	for *holder != last {
		holder = &(*holder).chain
	}
	*holder = last.chain
	c.size--
}

func (c *cache) linkFirst(e *entry) {
	e.next = c.ends.next
	e.previous = c.ends
	c.ends.next.previous = e
	c.ends.next = e
}

func argument(i int) int {
	number, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return number
}

func main() {
	entries := argument(1)
	operations := argument(2)
	keys := uint32(2 * entries)

	c := newCache(uint32(entries))
	random := xorshift(2463534242)
	sequence := uint32(0)
	for ; !c.isFull(); sequence++ {
		c.use(random.below(keys), sequence)
	}
	c.forgetStatistics()

	times := newOperationTimes()
	for i := 0; i < operations; i++ {
		c.use(random.below(keys), sequence)
		sequence++
		times.next()
	}
	fmt.Printf("hits=%d sum=%.1f p9999_us=%.1f worst_us=%.1f\n",
		c.hits, c.sum, times.percentileUs(0.9999), times.worstUs())
}
