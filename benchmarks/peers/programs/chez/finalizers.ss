;; finalizers, as in benchmarks/peers/programs/fledge/finalizers.cc, with a
;; guardian, which returns the objects that are dead.
;; Usage: scheme --program finalizers.so N
(import (chezscheme))

(define cycle-every 20)

(define-record-type node
  (fields id (mutable other))
  (sealed #t)
  (nongenerative))

(define guardian (make-guardian))
(define ran 0)
(define sum 0)

(define (add-objects! count)
  (let ([nodes (make-vector count)])
    (do ([i 0 (fx+ i 1)])
        ((fx= i count))
      (vector-set! nodes i (make-node i #f)))
    (do ([i 0 (fx+ i cycle-every)])
        ((fx>= (fx+ i 1) count))
      (let ([a (vector-ref nodes i)] [b (vector-ref nodes (fx+ i 1))])
        (node-other-set! a b)
        (node-other-set! b a)))
    (vector-for-each guardian nodes)))

(define (finalize-dead!)
  (let ([node (guardian)])
    (when node
      (set! ran (fx+ ran 1))
      (set! sum (fx+ sum (node-id node)))
      (finalize-dead!))))

;; Requests collections until all objects were returned or one brings no more.
(define (collect-all! count)
  (let ([before ran])
    (collect (collect-maximum-generation))
    (finalize-dead!)
    (when (fx< before ran count) (collect-all! count))))

;; With one digit behind the point, as the other programs print it.
(define (time-us action)
  (let ([start (current-time 'time-monotonic)])
    (action)
    (let* ([taken (time-difference (current-time 'time-monotonic) start)]
           [ns (+ (* (time-second taken) 1000000000) (time-nanosecond taken))]
           [tenths (quotient ns 100)])
      (format "~a.~a" (quotient tenths 10) (remainder tenths 10)))))

(define count (string->number (car (command-line-arguments))))

(let* ([build-us (time-us (lambda () (add-objects! count)))]
       [collect-us (time-us (lambda () (collect-all! count)))])
  (printf "ran=~a sum=~a build_us=~a collect_us=~a\n"
          ran sum build-us collect-us))
