(* lru, as in tools/fledge/workloads/lru.cc: a cache that drops what was used
   least recently, each operation timed.
   Usage: lru ENTRIES OPERATIONS *)

(* The standard library's clock has too few digits for an operation. *)
external monotonic_ns : unit -> (int[@untagged])
  = "peers_monotonic_ns_boxed" "peers_monotonic_ns"
  [@@noalloc]

let payload_doubles = 16
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

(* Counted in bins of equal width: keeping and sorting all of the times would
   show in the run's own time and memory. The bins are outside of the heap, so
   that no collection looks at them. *)
module Operation_times = struct
  open Bigarray

  let bin_ns = 100
  let bins = 1_000_000

  let counts : (int32, int32_elt, c_layout) Array1.t =
    Array1.create Int32 C_layout bins

  let count = ref 0
  let worst_ns = ref 0
  let last_ns = ref 0

  let start () =
    Array1.fill counts 0l;
    last_ns := monotonic_ns ()

  (* One operation ends and the next begins. *)
  let next () =
    let now_ns = monotonic_ns () in
    let ns = now_ns - !last_ns in
    last_ns := now_ns;
    if ns > !worst_ns then worst_ns := ns;
    let bin = Int.min (ns / bin_ns) (bins - 1) in
    counts.{bin} <- Int32.succ counts.{bin};
    incr count

  let worst_us () = float !worst_ns /. 1e3

  (* The time that [share] of the operations stay below. Those past the last
     bin count as the worst. *)
  let percentile_us share =
    let rank = int_of_float (float !count *. share) in
    let rec find bin below =
      if bin = bins - 1 then worst_us ()
      else
        let below = below + Int32.to_int counts.{bin} in
        if below > rank then
          Float.min (float ((bin + 1) * bin_ns) /. 1e3) (worst_us ())
        else find (bin + 1) below
    in
    find 0 0
end

module Cache = struct
  type entry = {
    mutable chain : entry;
    mutable previous : entry;
    mutable next : entry;
    mutable payload : float array;
    key : int;
  }

  (* The list's first follows it, its last precedes it. It ends the chains too:
     an option for each link would be one more object to allocate. *)
  let rec ends =
    { chain = ends; previous = ends; next = ends; payload = [||]; key = -1 }

  type t = {
    capacity : int;
    hash_shift : int;
    buckets : entry array;
    mutable size : int;
    mutable hits : int;
    (* Of one element, which it holds as it is; in a record with other fields a
       float is an object of its own. *)
    sum : float array;
  }

  let rec width n = if n = 0 then 0 else 1 + width (n lsr 1)

  let make capacity =
    let hash_bits = width (capacity - 1) in
    {
      capacity;
      hash_shift = 32 - hash_bits;
      buckets = Array.make (1 lsl hash_bits) ends;
      size = 0;
      hits = 0;
      sum = [| 0.0 |];
    }

  let bucket_of cache key =
    (key * 0x9e37_79b1) land mask_32 lsr cache.hash_shift

  let make_payload key sequence =
    Array.make payload_doubles (float key +. (float sequence *. 0.5))

  let unlink entry =
    entry.previous.next <- entry.next;
    entry.next.previous <- entry.previous

  let link_first entry =
    entry.next <- ends.next;
    entry.previous <- ends;
    ends.next.previous <- entry;
    ends.next <- entry

  let rec find entry key =
    if entry == ends || entry.key = key then entry else find entry.chain key

  let rec before last entry =
    if entry.chain == last then entry else before last entry.chain

  let drop_last cache =
    let last = ends.previous in
    unlink last;
    let bucket = bucket_of cache last.key in
    let first = cache.buckets.(bucket) in
    if first == last then cache.buckets.(bucket) <- last.chain
    else (before last first).chain <- last.chain;
    cache.size <- cache.size - 1

  let is_full cache = cache.size = cache.capacity

  (* Gets the value of [key], if it is there, and sets it anew. Either way it is
     the entry used last. *)
  let use cache key sequence =
    let bucket = bucket_of cache key in
    let entry = find cache.buckets.(bucket) key in
    if entry != ends then begin
      cache.hits <- cache.hits + 1;
      cache.sum.(0) <- cache.sum.(0) +. entry.payload.(key mod payload_doubles);
      entry.payload <- make_payload key sequence;
      unlink entry;
      link_first entry
    end
    else begin
      if is_full cache then drop_last cache;
      let payload = make_payload key sequence in
      let chain = cache.buckets.(bucket) in
      let entry = { chain; previous = ends; next = ends; payload; key } in
      cache.buckets.(bucket) <- entry;
      link_first entry;
      cache.size <- cache.size + 1
    end

  let forget_statistics cache =
    cache.hits <- 0;
    cache.sum.(0) <- 0.0
end

let () =
  let entries = int_of_string Sys.argv.(1) in
  let operations = int_of_string Sys.argv.(2) in
  let keys = 2 * entries in

  let cache = Cache.make entries in
  let sequence = ref 0 in
  let use_next () =
    Cache.use cache (Xorshift.below keys) !sequence;
    incr sequence
  in
  while not (Cache.is_full cache) do
    use_next ()
  done;
  Cache.forget_statistics cache;

  Operation_times.start ();
  for _ = 1 to operations do
    use_next ();
    Operation_times.next ()
  done;
  Printf.printf "hits=%d sum=%.1f p9999_us=%.1f worst_us=%.1f\n" cache.hits
    cache.sum.(0)
    (Operation_times.percentile_us 0.9999)
    (Operation_times.worst_us ())
