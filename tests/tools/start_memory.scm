; What a program has in memory that has every library and does nothing: exits
; with 1 if it is more than 5.5 MB.
(import (scheme base) (scheme case-lambda) (scheme char) (scheme complex)
        (scheme cxr) (scheme eval) (scheme file) (scheme inexact) (scheme lazy)
        (scheme load) (scheme process-context) (scheme read) (scheme repl)
        (scheme time) (scheme write) (scheme r5rs) (srfi 69) (lambda memory))

(define most-kilobytes 5632)

; The number in "VmHWM:      5012 kB", the most that it ever was.
(define (peak-kilobytes)
  (let next ((line (read-line)))
    (if (and (> (string-length line) 6) (string=? (substring line 0 6) "VmHWM:"))
        (read (open-input-string (substring line 6 (string-length line))))
        (next (read-line)))))

(define kilobytes (with-input-from-file "/proc/self/status" peak-kilobytes))
(write kilobytes)
(newline)
(exit (<= kilobytes most-kilobytes))
