(* binary-trees, as in tools/fledge/workloads/binary_trees.cc.
   Usage: binary_trees DEPTH *)

type tree = Empty | Node of tree * tree

let least_depth = 4

(* Were the compiler to see that a leaf is constant, it would make a single one,
   and half of the nodes would never be allocated. *)
let empty = Sys.opaque_identity Empty

let rec make_tree depth =
  if depth = 0 then Node (empty, empty)
  else
    let left = make_tree (depth - 1) in
    let right = make_tree (depth - 1) in
    Node (left, right)

let rec count_nodes = function
  | Empty -> 0
  | Node (Empty, _) -> 1
  | Node (left, right) -> 1 + count_nodes left + count_nodes right

let count_nodes_of_trees trees depth =
  let nodes = ref 0 in
  for _ = 1 to trees do
    nodes := !nodes + count_nodes (make_tree depth)
  done;
  !nodes

let () =
  let largest = max (int_of_string Sys.argv.(1)) (least_depth + 2) in

  Printf.printf "checks=%d" (count_nodes_of_trees 1 (largest + 1));
  let long_lived = make_tree largest in
  let rec check depth =
    if depth <= largest then begin
      let trees = 1 lsl (largest - depth + least_depth) in
      Printf.printf ",%d" (count_nodes_of_trees trees depth);
      check (depth + 2)
    end
  in
  check least_depth;
  Printf.printf ",%d\n" (count_nodes long_lived)
