;; Runs a compiled program, and says behind its output how long collections took.
;; Usage: guile --r7rs run.scm OBJECT ARGUMENT...
(set-program-arguments (cdr (command-line)))
(load-compiled (car (command-line)))
(let ((collected (assq-ref (gc-stats) 'gc-time-taken)))
  (simple-format #t "gc_us=~a\n"
                 (quotient (* collected 1000000)
                           internal-time-units-per-second)))
