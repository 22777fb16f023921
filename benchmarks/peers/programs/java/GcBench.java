/**
 * gcbench, as in tools/fledge/workloads/gcbench.cc.
 *
 * <p>Usage: java GcBench DEPTH DOUBLES
 */
public final class GcBench {
  private static final int LEAST_DEPTH = 4;

  /** The two integers do nothing but take room, as in the original. */
  private static final class Node {
    Node left;
    Node right;
    int i;
    int j;

    Node(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    boolean hasChildren() {
      return left != null && right != null;
    }
  }

  private static int nodesOfDepth(int depth) {
    return (2 << depth) - 1;
  }

  /** Gives {@code node} children down to {@code depth} levels below it. */
  private static void populate(int depth, Node node) {
    if (depth == 0) return;
    node.left = new Node(null, null);
    node.right = new Node(null, null);
    populate(depth - 1, node.left);
    populate(depth - 1, node.right);
  }

  /** A tree made of its subtrees: bottom up. */
  private static Node makeTree(int depth) {
    if (depth == 0) return new Node(null, null);
    Node left = makeTree(depth - 1);
    Node right = makeTree(depth - 1);
    return new Node(left, right);
  }

  private static int countWholeTopDown(int trees, int depth) {
    int whole = 0;
    for (int i = 0; i < trees; ++i) {
      Node tree = new Node(null, null);
      populate(depth, tree);
      if (tree.hasChildren()) ++whole;
    }
    return whole;
  }

  private static int countWholeBottomUp(int trees, int depth) {
    int whole = 0;
    for (int i = 0; i < trees; ++i) {
      if (makeTree(depth).hasChildren()) ++whole;
    }
    return whole;
  }

  public static void main(String[] arguments) {
    int longLivedDepth = Integer.parseInt(arguments[0]);
    int doubles = Integer.parseInt(arguments[1]);
    int stretchDepth = longLivedDepth + 2;

    int whole = countWholeBottomUp(1, stretchDepth);
    Node longLived = new Node(null, null);
    populate(longLivedDepth, longLived);
    double[] array = new double[doubles];
    for (int i = 1; i < doubles / 2; ++i) array[i] = 1.0 / i;

    for (int depth = LEAST_DEPTH; depth <= longLivedDepth; depth += 2) {
      int trees = 2 * nodesOfDepth(stretchDepth) / nodesOfDepth(depth);
      whole += countWholeTopDown(trees, depth);
      whole += countWholeBottomUp(trees, depth);
    }

    int last = doubles / 2 - 1;
    if (!longLived.hasChildren() || array[last] != 1.0 / last) System.exit(1);
    System.out.println("whole=" + whole);
  }
}
