(* ephemeron-chain, as in benchmarks/peers/programs/fledge/ephemeron_chain.cc.
   Usage: ephemeron_chain N *)

external monotonic_ns : unit -> (int[@untagged])
  = "peers_monotonic_ns_boxed" "peers_monotonic_ns"
  [@@noalloc]

let mask_32 = 0xffff_ffff

(* Marsaglia's xorshift of 32 bits, as in every program of this workload. *)
module Xorshift = struct
  let state = ref 2_463_534_242

  let below bound =
    let x = !state in
    let x = (x lxor (x lsl 13)) land mask_32 in
    let x = x lxor (x lsr 17) in
    let x = (x lxor (x lsl 5)) land mask_32 in
    state := x;
    x mod bound
end

(* Objects have no hash of their own, so that a key brings its number. *)
type key = { id : int }

module Table = Ephemeron.K1.Make (struct
  type t = key

  let equal = ( == )
  let hash key = key.id
end)

let shuffled count =
  let order = Array.init count Fun.id in
  for i = count - 1 downto 1 do
    let j = Xorshift.below (i + 1) in
    let moved = order.(i) in
    order.(i) <- order.(j);
    order.(j) <- moved
  done;
  order

(* Puts entries into the table. Returns the first key, which leads to all
   others. *)
let add_chain table count =
  let keys = Array.init (count + 1) (fun id -> { id }) in
  Array.iter
    (fun i -> Table.replace table keys.(i) keys.(i + 1))
    (shuffled count);
  keys.(0)

let rec length_from table key length =
  match Table.find_opt table key with
  | None -> length
  | Some next -> length_from table next (length + 1)

let time_us action =
  let start_ns = monotonic_ns () in
  action ();
  float (monotonic_ns () - start_ns) /. 1e3

let () =
  let count = int_of_string Sys.argv.(1) in
  let table = Table.create 16 in
  let first = ref None in

  let build_us = time_us (fun () -> first := Some (add_chain table count)) in
  let keep_us = time_us Gc.full_major in
  let kept = length_from table (Option.get !first) 0 in

  first := None;
  let drop_us = time_us Gc.full_major in
  let gone = count - (Table.stats_alive table).num_bindings in

  Printf.printf "kept=%d gone=%d build_us=%.1f keep_us=%.1f drop_us=%.1f\n" kept
    gone build_us keep_us drop_us
