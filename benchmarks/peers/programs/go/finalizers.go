// finalizers, as in benchmarks/peers/programs/fledge/finalizers.cc. Objects in
// a cycle are not finalized by runtime.SetFinalizer, and are not freed either.
//
// Usage: finalizers N
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"
)

const cycleEvery = 20

// patienceMs is how long nothing happens until it counts as all that one
// collection found.
const patienceMs = 200

type node struct {
	other *node
	id    int
}

// Written by the goroutine of the runtime that runs finalizers.
var ran, sum atomic.Int64

func finalize(n *node) {
	sum.Add(int64(n.id))
	ran.Add(1)
}

func addObjects(count int) {
	nodes := make([]*node, count)
	for i := range nodes {
		nodes[i] = &node{id: i}
	}
	for i := 0; i+1 < count; i += cycleEvery {
		nodes[i].other = nodes[i+1]
		nodes[i+1].other = nodes[i]
	}
	for _, n := range nodes {
		runtime.SetFinalizer(n, finalize)
	}
}

// collect requests collections until all finalizers ran or one brings no more.
// It returns how long it took to the last of them.
func collect(count int64) time.Duration {
	start := time.Now()
	var last time.Duration
	for {
		before := ran.Load()
		seen := before
		runtime.GC()
		for idle := 0; idle < patienceMs && seen < count; idle++ {
			if now := ran.Load(); now != seen {
				seen = now
				last = time.Since(start)
				idle = 0
			} else {
				time.Sleep(time.Millisecond)
			}
		}
		if seen == count || seen == before {
			return last
		}
	}
}

func microseconds(duration time.Duration) float64 {
	return float64(duration.Nanoseconds()) / 1e3
}

func main() {
	count, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	start := time.Now()
	addObjects(count)
	build := time.Since(start)
	toLast := collect(int64(count))
	fmt.Printf("ran=%d sum=%d build_us=%.1f collect_us=%.1f\n",
		ran.Load(), sum.Load(), microseconds(build), microseconds(toLast))
}
