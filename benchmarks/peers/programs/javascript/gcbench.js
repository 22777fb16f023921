// gcbench, as in tools/fledge/workloads/gcbench.cc.
// Usage: node gcbench.js DEPTH DOUBLES
'use strict';

const LEAST_DEPTH = 4;

// The two integers do nothing but take room, as in the original.
class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
    this.i = 0;
    this.j = 0;
  }
}

const nodesOfDepth = (depth) => (2 << depth) - 1;

// Gives `node` children down to `depth` levels below it: top down.
function populate(depth, node) {
  if (depth === 0) return;
  node.left = new Node(null, null);
  node.right = new Node(null, null);
  populate(depth - 1, node.left);
  populate(depth - 1, node.right);
}

// A tree made of its subtrees: bottom up.
function makeTree(depth) {
  if (depth === 0) return new Node(null, null);
  return new Node(makeTree(depth - 1), makeTree(depth - 1));
}

const hasChildren = (node) => node.left !== null && node.right !== null;

function countWholeTopDown(trees, depth) {
  let whole = 0;
  for (let i = 0; i < trees; ++i) {
    const tree = new Node(null, null);
    populate(depth, tree);
    if (hasChildren(tree)) ++whole;
  }
  return whole;
}

function countWholeBottomUp(trees, depth) {
  let whole = 0;
  for (let i = 0; i < trees; ++i) {
    if (hasChildren(makeTree(depth))) ++whole;
  }
  return whole;
}

function main() {
  const [longLivedDepth, doubles] = process.argv.slice(2).map(Number);
  const stretchDepth = longLivedDepth + 2;

  let whole = countWholeBottomUp(1, stretchDepth);
  const longLived = new Node(null, null);
  populate(longLivedDepth, longLived);
  const array = new Float64Array(doubles);
  for (let i = 1; i < doubles / 2; ++i) array[i] = 1 / i;

  for (let depth = LEAST_DEPTH; depth <= longLivedDepth; depth += 2) {
    const trees =
        Math.floor(2 * nodesOfDepth(stretchDepth) / nodesOfDepth(depth));
    whole += countWholeTopDown(trees, depth);
    whole += countWholeBottomUp(trees, depth);
  }

  const last = doubles / 2 - 1;
  if (!hasChildren(longLived) || array[last] !== 1 / last) process.exit(1);
  console.log(`whole=${whole}`);
}

main();
