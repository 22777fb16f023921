(* finalizers, as in benchmarks/peers/programs/fledge/finalizers.cc.
   Usage: finalizers N *)

external monotonic_ns : unit -> (int[@untagged])
  = "peers_monotonic_ns_boxed" "peers_monotonic_ns"
  [@@noalloc]

let cycle_every = 20

type node = { id : int; mutable other : node }

let rec nobody = { id = -1; other = nobody }
let ran = ref 0
let sum = ref 0

let finalise node =
  incr ran;
  sum := !sum + node.id

let add_objects count =
  let nodes = Array.init count (fun id -> { id; other = nobody }) in
  for i = 0 to (count - 2) / cycle_every do
    let a = nodes.(i * cycle_every) in
    let b = nodes.((i * cycle_every) + 1) in
    a.other <- b;
    b.other <- a
  done;
  Array.iter (Gc.finalise finalise) nodes

(* Requests collections until all functions ran or one brings no more. *)
let rec collect count =
  let before = !ran in
  Gc.full_major ();
  if !ran < count && !ran > before then collect count

let time_us action =
  let start_ns = monotonic_ns () in
  action ();
  float (monotonic_ns () - start_ns) /. 1e3

let () =
  let count = int_of_string Sys.argv.(1) in
  let build_us = time_us (fun () -> add_objects count) in
  let collect_us = time_us (fun () -> collect count) in
  Printf.printf "ran=%d sum=%d build_us=%.1f collect_us=%.1f\n" !ran !sum
    build_us collect_us
