;; lru, as in tools/fledge/workloads/lru.cc: a cache that drops what was used
;; least recently, each operation timed.
;; Usage: scheme --program lru.so ENTRIES OPERATIONS
(import (chezscheme))

(define payload-doubles 16)
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

;; (current-time) makes an object for each reading of the clock, and that of
;; the C library does not.
(define monotonic-ns
  (begin
    (load-shared-object "libc.so.6")
    (let ([clock-gettime (foreign-procedure "clock_gettime" (int u8*) int)]
          [clock-monotonic 1]
          [now (make-bytevector 16)])
      (lambda ()
        (clock-gettime clock-monotonic now)
        (fx+ (fx* (bytevector-s64-native-ref now 0) 1000000000)
             (bytevector-s64-native-ref now 8))))))

;; The times of operations are counted in bins of equal width: keeping and
;; sorting all of them would show in the run's own time and memory.
(define bin-ns 100)
(define bins 1000000)
(define bin-counts (make-bytevector (* 4 bins) 0))
(define operation-count 0)
(define worst-ns 0)
(define last-ns 0)

;; One operation ends and the next begins.
(define (note-operation!)
  (let* ([now-ns (monotonic-ns)]
         [ns (fx- now-ns last-ns)]
         [bin (fx* 4 (fxmin (fxquotient ns bin-ns) (fx- bins 1)))])
    (set! last-ns now-ns)
    (when (fx> ns worst-ns) (set! worst-ns ns))
    (bytevector-u32-native-set!
     bin-counts bin (fx+ 1 (bytevector-u32-native-ref bin-counts bin)))
    (set! operation-count (fx+ operation-count 1))))

(define (worst-us) (/ worst-ns 1000.0))

;; The time that this share of the operations stays below. Those past the last
;; bin count as the worst.
(define (percentile-us share)
  (let ([rank (exact (floor (* operation-count share)))])
    (let loop ([bin 0] [below 0])
      (if (fx= bin (fx- bins 1))
          (worst-us)
          (let ([below
                 (+ below (bytevector-u32-native-ref bin-counts (* 4 bin)))])
            (if (> below rank)
                (min (/ (* (+ bin 1) bin-ns) 1000.0) (worst-us))
                (loop (fx+ bin 1) below)))))))

(define-record-type entry
  (fields (mutable chain) (mutable previous) (mutable next) (mutable payload)
          key)
  (sealed #t)
  (nongenerative))

;; This version has no vectors of doubles; bytes are what comes closest.
(define (double-at payload i)
  (bytevector-ieee-double-native-ref payload (fx* i 8)))

(define (double-set! payload i value)
  (bytevector-ieee-double-native-set! payload (fx* i 8) value))

(define (make-payload key sequence)
  (let ([payload (make-bytevector (fx* 8 payload-doubles))]
        [value (fl+ (fixnum->flonum key) (fl* (fixnum->flonum sequence) 0.5))])
    (do ([i 0 (fx+ i 1)])
        ((fx= i payload-doubles) payload)
      (double-set! payload i value))))

(define capacity (string->number (car (command-line-arguments))))
(define operations (string->number (cadr (command-line-arguments))))

(define hash-bits (fxlength (- capacity 1)))
(define hash-shift (- 32 hash-bits))
(define buckets (make-vector (fxsll 1 hash-bits) #f))

;; The list's first follows it, its last precedes it.
(define ends
  (let ([ends (make-entry #f #f #f #f -1)])
    (entry-previous-set! ends ends)
    (entry-next-set! ends ends)
    ends))

(define size 0)
(define hits 0)
(define sum (make-bytevector 8 0))  ; As bytes it is not an object each time.

(define (bucket-of key)
  (fxsrl (fxlogand (fx* key #x9e3779b1) mask-32) hash-shift))

(define (unlink! entry)
  (entry-next-set! (entry-previous entry) (entry-next entry))
  (entry-previous-set! (entry-next entry) (entry-previous entry)))

(define (link-first! entry)
  (entry-next-set! entry (entry-next ends))
  (entry-previous-set! entry ends)
  (entry-previous-set! (entry-next ends) entry)
  (entry-next-set! ends entry))

(define (drop-last!)
  (let* ([last (entry-previous ends)]
         [bucket (bucket-of (entry-key last))]
         [first (vector-ref buckets bucket)])
    (unlink! last)
    (if (eq? first last)
        (vector-set! buckets bucket (entry-chain last))
        (let loop ([holder first])
          (if (eq? (entry-chain holder) last)
              (entry-chain-set! holder (entry-chain last))
              (loop (entry-chain holder)))))
    (set! size (fx- size 1))))

(define (full?) (fx= size capacity))

;; Gets the value of key, if it is there, and sets it anew. Either way it is the
;; entry used last.
(define (use! key sequence)
  (let* ([bucket (bucket-of key)]
         [entry (let find ([entry (vector-ref buckets bucket)])
                  (if (or (not entry) (fx= (entry-key entry) key))
                      entry
                      (find (entry-chain entry))))])
    (if entry
        (let ([value (double-at (entry-payload entry)
                                (fxmodulo key payload-doubles))])
          (set! hits (fx+ hits 1))
          (double-set! sum 0 (fl+ (double-at sum 0) value))
          (entry-payload-set! entry (make-payload key sequence))
          (unlink! entry)
          (link-first! entry))
        (begin
          (when (full?) (drop-last!))
          (let ([entry (make-entry (vector-ref buckets bucket) #f #f
                                   (make-payload key sequence) key)])
            (vector-set! buckets bucket entry)
            (link-first! entry)
            (set! size (fx+ size 1)))))))

(define keys (* 2 capacity))

(define (fill!)
  (let loop ([sequence 0])
    (if (full?)
        sequence
        (begin
          (use! (random-below keys) sequence)
          (loop (fx+ sequence 1))))))

(define (run-operations! sequence)
  (do ([i 0 (fx+ i 1)])
      ((fx= i operations))
    (use! (random-below keys) (fx+ sequence i))
    (note-operation!)))

;; With one digit behind the point, as the other programs print it.
(define (one-digit number)
  (let ([tenths (exact (round (* 10 (inexact->exact number))))])
    (format "~a.~a" (quotient tenths 10) (remainder tenths 10))))

(let ([sequence (fill!)])
  (set! hits 0)
  (double-set! sum 0 0.0)
  (set! last-ns (monotonic-ns))
  (run-operations! sequence)
  (printf "hits=~a sum=~a p9999_us=~a worst_us=~a\n"
          hits
          (one-digit (double-at sum 0))
          (one-digit (percentile-us 0.9999))
          (one-digit (worst-us))))
