// gcbench, as in tools/fledge/workloads/gcbench.cc.
//
// Usage: gcbench DEPTH DOUBLES
package main

import (
	"fmt"
	"os"
	"strconv"
)

const leastDepth = 4

// The two integers do nothing but take room, as in the original.
type node struct {
	left, right *node
	i, j        int32
}

func nodesOfDepth(depth int) int { return 2<<depth - 1 }

// populate gives n children down to depth levels below it: top down.
func (n *node) populate(depth int) {
	if depth == 0 {
		return
	}
	n.left = &node{}
	n.right = &node{}
	n.left.populate(depth - 1)
	n.right.populate(depth - 1)
}

// makeTree makes a tree of its subtrees: bottom up.
func makeTree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	left := makeTree(depth - 1)
	right := makeTree(depth - 1)
	return &node{left: left, right: right}
}

func (n *node) hasChildren() bool { return n.left != nil && n.right != nil }

func argument(i int) int {
	number, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return number
}

func main() {
	longLivedDepth := argument(1)
	doubles := argument(2)
	stretchDepth := longLivedDepth + 2

	whole := 0
	countIfWhole := func(tree *node) {
		if tree.hasChildren() {
			whole++
		}
	}

	countIfWhole(makeTree(stretchDepth))
	longLived := &node{}
	longLived.populate(longLivedDepth)
	array := make([]float64, doubles)
	for i := 1; i < doubles/2; i++ {
		array[i] = 1 / float64(i)
	}

	for depth := leastDepth; depth <= longLivedDepth; depth += 2 {
		trees := 2 * nodesOfDepth(stretchDepth) / nodesOfDepth(depth)
		for i := 0; i < trees; i++ {
			tree := &node{}
			tree.populate(depth)
			countIfWhole(tree)
		}
		for i := 0; i < trees; i++ {
			countIfWhole(makeTree(depth))
		}
	}

	last := doubles/2 - 1
	if !longLived.hasChildren() || array[last] != 1/float64(last) {
		os.Exit(1)
	}
	fmt.Printf("whole=%d\n", whole)
}
