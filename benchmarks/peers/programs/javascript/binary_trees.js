// binary-trees, as in tools/fledge/workloads/binary_trees.cc.
// Usage: node binary_trees.js DEPTH
'use strict';

const LEAST_DEPTH = 4;

class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

function makeTree(depth) {
  if (depth === 0) return new Node(null, null);
  return new Node(makeTree(depth - 1), makeTree(depth - 1));
}

function countNodes(node) {
  if (node.left === null) return 1;
  return 1 + countNodes(node.left) + countNodes(node.right);
}

function countNodesOfTrees(trees, depth) {
  let nodes = 0;
  for (let i = 0; i < trees; ++i) nodes += countNodes(makeTree(depth));
  return nodes;
}

function main() {
  const largest = Math.max(Number(process.argv[2]), LEAST_DEPTH + 2);

  const checks = [countNodesOfTrees(1, largest + 1)];
  const longLived = makeTree(largest);
  for (let depth = LEAST_DEPTH; depth <= largest; depth += 2) {
    const trees = 1 << (largest - depth + LEAST_DEPTH);
    checks.push(countNodesOfTrees(trees, depth));
  }
  checks.push(countNodes(longLived));
  console.log(`checks=${checks}`);
}

main();
