// The monotonic clock for what is timed, called without allocating or boxing.
#include <caml/mlvalues.h>
#include <time.h>

intnat peers_monotonic_ns(value unit) {
  (void)unit;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000l + now.tv_nsec;
}

value peers_monotonic_ns_boxed(value unit) {
  return Val_long(peers_monotonic_ns(unit));
}
