/**
 * binary-trees, as in tools/fledge/workloads/binary_trees.cc.
 *
 * <p>Usage: java BinaryTrees DEPTH
 */
public final class BinaryTrees {
  private static final int LEAST_DEPTH = 4;

  private static final class Node {
    final Node left;
    final Node right;

    Node(Node left, Node right) {
      this.left = left;
      this.right = right;
    }
  }

  private static Node makeTree(int depth) {
    if (depth == 0) return new Node(null, null);
    Node left = makeTree(depth - 1);
    Node right = makeTree(depth - 1);
    return new Node(left, right);
  }

  private static long countNodes(Node node) {
    if (node.left == null) return 1;
    return 1 + countNodes(node.left) + countNodes(node.right);
  }

  public static void main(String[] arguments) {
    int largest = Math.max(Integer.parseInt(arguments[0]), LEAST_DEPTH + 2);

    StringBuilder checks = new StringBuilder("checks=");
    checks.append(countNodes(makeTree(largest + 1)));
    Node longLived = makeTree(largest);
    for (int depth = LEAST_DEPTH; depth <= largest; depth += 2) {
      int trees = 1 << (largest - depth + LEAST_DEPTH);
      long nodes = 0;
      for (int i = 0; i < trees; ++i) nodes += countNodes(makeTree(depth));
      checks.append(',').append(nodes);
    }
    checks.append(',').append(countNodes(longLived));
    System.out.println(checks);
  }
}
