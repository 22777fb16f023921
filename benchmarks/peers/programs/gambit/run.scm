;; Runs a program of R7RS in Gambit's interpreter, and says behind its output how
;; long collections took. Usage: gsi run.scm SOURCE ARGUMENT...

(define command-line
  (let ((words (cddr (command-line))))
    (lambda () words)))

;; Gambit 4.9.3 has no libraries, but what the programs use of them under the same
;; names. A macro is known in its file only, unless it is given to the prompt.
(eval '(define-macro (import . sets) #f))

;; Without a terminal it would not say what is wrong.
(with-exception-catcher
 (lambda (condition)
   (let ((errors (open-output-file "/dev/stderr")))
     (display-exception condition errors)
     (close-port errors)
     (exit 1)))
 (lambda ()
   (load (car (command-line)))))

;; Of its statistics, in seconds, the sixth is what collections took of the clock.
(display "gc_us=")
(display (inexact->exact
          (round (* 1e6 (f64vector-ref (##process-statistics) 5)))))
(newline)
(exit 0)
