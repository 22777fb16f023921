; For examples of include.
(define (included-double x) (* 2 x))
