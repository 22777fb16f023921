;; ephemeron-chain, as in
;; benchmarks/peers/programs/fledge/ephemeron_chain.cc.
;; Usage: scheme --program ephemeron_chain.so N
(import (chezscheme))

(define mask-32 #xffffffff)

;; Marsaglia's xorshift of 32 bits, as in every program of this workload.
(define random-state 2463534242)

(define (random-below bound)
  (let* ([x random-state]
         [x (fxlogand (fxlogxor x (fxsll x 13)) mask-32)]
         [x (fxlogxor x (fxsrl x 17))]
         [x (fxlogand (fxlogxor x (fxsll x 5)) mask-32)])
    (set! random-state x)
    (fxmodulo x bound)))

(define (shuffled count)
  (let ([order (make-fxvector count)])
    (do ([i 0 (fx+ i 1)])
        ((fx= i count))
      (fxvector-set! order i i))
    (do ([i (fx- count 1) (fx- i 1)])
        ((fx= i 0) order)
      (let ([j (random-below (fx+ i 1))]
            [moved (fxvector-ref order i)])
        (fxvector-set! order i (fxvector-ref order j))
        (fxvector-set! order j moved)))))

;; Puts entries into the table. Returns the first key, which leads to all
;; others.
(define (add-chain! table count)
  (let ([keys (make-vector (fx+ count 1))]
        [order (shuffled count)])
    (do ([i 0 (fx+ i 1)])
        ((fx> i count))
      (vector-set! keys i (box #f)))
    (do ([n 0 (fx+ n 1)])
        ((fx= n count) (vector-ref keys 0))
      (let ([i (fxvector-ref order n)])
        (eq-hashtable-set! table (vector-ref keys i)
                           (vector-ref keys (fx+ i 1)))))))

(define (length-from table key)
  (let loop ([key (eq-hashtable-ref table key #f)] [length 0])
    (if key
        (loop (eq-hashtable-ref table key #f) (fx+ length 1))
        length)))

(define (collect-all) (collect (collect-maximum-generation)))

;; With one digit behind the point, as the other programs print it.
(define (time-us action)
  (let ([start (current-time 'time-monotonic)])
    (action)
    (let* ([taken (time-difference (current-time 'time-monotonic) start)]
           [ns (+ (* (time-second taken) 1000000000) (time-nanosecond taken))]
           [tenths (quotient ns 100)])
      (format "~a.~a" (quotient tenths 10) (remainder tenths 10)))))

(define count (string->number (car (command-line-arguments))))
(define table (make-ephemeron-eq-hashtable))
(define first #f)

(let* ([build-us (time-us (lambda () (set! first (add-chain! table count))))]
       [keep-us (time-us collect-all)]
       [kept (length-from table first)]
       [drop-us (time-us (lambda () (set! first #f) (collect-all)))]
       [gone (- count (hashtable-size table))])
  (printf "kept=~a gone=~a build_us=~a keep_us=~a drop_us=~a\n"
          kept gone build-us keep-us drop-us))
