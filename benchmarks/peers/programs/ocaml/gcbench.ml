(* gcbench, as in tools/fledge/workloads/gcbench.cc.
   Usage: gcbench DEPTH DOUBLES *)

(* The two integers do nothing but take room, as in the original. *)
type tree =
  | Empty
  | Node of {
      mutable left : tree;
      mutable right : tree;
      mutable i : int;
      mutable j : int;
    }

let least_depth = 4
let nodes_of_depth depth = (2 lsl depth) - 1
let make_node left right = Node { left; right; i = 0; j = 0 }

(* A fresh node each time: its fields are mutable, so it is never constant. *)
let make_leaf () = make_node Empty Empty

(* Gives the node children down to [depth] levels below it: top down. *)
let rec populate depth = function
  | Empty -> ()
  | Node node ->
      if depth > 0 then begin
        node.left <- make_leaf ();
        node.right <- make_leaf ();
        populate (depth - 1) node.left;
        populate (depth - 1) node.right
      end

(* A tree made of its subtrees: bottom up. *)
let rec make_tree depth =
  if depth = 0 then make_leaf ()
  else
    let left = make_tree (depth - 1) in
    let right = make_tree (depth - 1) in
    make_node left right

let has_children = function
  | Empty -> false
  | Node node -> node.left != Empty && node.right != Empty

let () =
  let long_lived_depth = int_of_string Sys.argv.(1) in
  let doubles = int_of_string Sys.argv.(2) in
  let stretch_depth = long_lived_depth + 2 in

  let whole = ref 0 in
  let count_if_whole tree = if has_children tree then incr whole in

  count_if_whole (make_tree stretch_depth);
  let long_lived = make_leaf () in
  populate long_lived_depth long_lived;
  let numbers = Array.make doubles 0.0 in
  for i = 1 to (doubles / 2) - 1 do
    numbers.(i) <- 1.0 /. float i
  done;

  let rec bench depth =
    if depth <= long_lived_depth then begin
      let trees = 2 * nodes_of_depth stretch_depth / nodes_of_depth depth in
      for _ = 1 to trees do
        let tree = make_leaf () in
        populate depth tree;
        count_if_whole tree
      done;
      for _ = 1 to trees do
        count_if_whole (make_tree depth)
      done;
      bench (depth + 2)
    end
  in
  bench least_depth;

  let last = (doubles / 2) - 1 in
  if (not (has_children long_lived)) || numbers.(last) <> 1.0 /. float last then
    exit 1;
  Printf.printf "whole=%d\n" !whole
