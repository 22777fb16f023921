// binary-trees, as in tools/fledge/workloads/binary_trees.cc.
//
// Usage: binary_trees DEPTH
package main

import (
	"fmt"
	"os"
	"strconv"
)

const leastDepth = 4

type node struct {
	left, right *node
}

func makeTree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	left := makeTree(depth - 1)
	right := makeTree(depth - 1)
	return &node{left, right}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	largest, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	if largest < leastDepth+2 {
		largest = leastDepth + 2
	}

	fmt.Printf("checks=%d", makeTree(largest+1).count())
	longLived := makeTree(largest)
	for depth := leastDepth; depth <= largest; depth += 2 {
		trees := 1 << (largest - depth + leastDepth)
		nodes := 0
		for i := 0; i < trees; i++ {
			nodes += makeTree(depth).count()
		}
		fmt.Printf(",%d", nodes)
	}
	fmt.Printf(",%d\n", longLived.count())
}
