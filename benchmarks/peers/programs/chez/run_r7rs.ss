;; Runs a compiled program, and says behind its output how long collections took.
;; Usage: scheme --libdirs OBJECTS --script run_r7rs.ss OBJECT ARGUMENT...
(command-line (command-line-arguments))
(load-program (car (command-line-arguments)))
(let ([collected (sstats-gc-real (statistics))])
  (printf "gc_us=~a\n"
          (+ (* 1000000 (time-second collected))
             (quotient (time-nanosecond collected) 1000))))
