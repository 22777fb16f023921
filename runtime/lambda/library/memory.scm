; What programs see of the heap.

(define-library (lambda memory)
  (import (lambda core) (lambda primitives) (lambda weak))
  (export memory-stats gc object-size retained-size)
  (begin

  ; A major collection, and the cleanups of what it found dead.
  (define (gc)
    (%collect)
    (run-cleanups)
    (if #f #f))))
