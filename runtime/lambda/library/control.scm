; Control: continuations, what is done when control enters and leaves, and what
; is done about errors.
;
; The dynamic state is a vector of three: the winders, a list of pairs of
; thunks with the innermost first; the handlers, likewise; and the parameters'
; bindings, an association list. It never changes: who enters something makes
; another, and a continuation has the one of its time.

(define (%winders state) (vector-ref state 0))
(define (%handlers state) (vector-ref state 1))
(define (%bindings state) (vector-ref state 2))

(define (%with-state state thunk)
  (let ((saved (%dynamic-state)))
    (%set-dynamic-state! state)
    (let ((result (thunk)))
      (%set-dynamic-state! saved)
      result)))

; Continuations.

(define (dynamic-wind before thunk after)
  (before)
  (let ((state (%dynamic-state)))
    (%set-dynamic-state!
     (vector (cons (cons before after) (%winders state))
             (%handlers state)
             (%bindings state)))
    (let ((result (thunk)))
      (%set-dynamic-state! state)
      (after)
      result)))

(define (call-with-current-continuation procedure)
  (let ((state (%dynamic-state)))
    (%call/cc
     (lambda (continuation)
       (procedure
        (lambda results
          (%rewind (%winders (%dynamic-state)) (%winders state))
          (%set-dynamic-state! state)
          (apply continuation results)))))))

(define call/cc call-with-current-continuation)

; Leaves what only `from` is in, innermost first, and enters what only `to` is
; in, outermost first.
(define (%rewind from to)
  (if (not (eq? from to))
      (let ((common (%common-tail from to)))
        (%unwind from common)
        (%wind to common))))

(define (%unwind from common)
  (if (not (eq? from common))
      (begin
        (%set-winders! (cdr from))
        ((cdr (car from)))
        (%unwind (cdr from) common))))

(define (%wind to common)
  (if (not (eq? to common))
      (begin
        (%wind (cdr to) common)
        ((car (car to)))
        (%set-winders! to))))

(define (%set-winders! winders)
  (let ((state (%dynamic-state)))
    (%set-dynamic-state!
     (vector winders (%handlers state) (%bindings state)))))

(define (%common-tail a b)
  (let loop ((a a) (b b) (a-length (length a)) (b-length (length b)))
    (if (eq? a b)
        a
        (if (> a-length b-length)
            (loop (cdr a) b (- a-length 1) b-length)
            (if (< a-length b-length)
                (loop a (cdr b) a-length (- b-length 1))
                (loop (cdr a) (cdr b) (- a-length 1) (- b-length 1)))))))

; Errors. A handler runs without itself.

(define (with-exception-handler handler thunk)
  (let ((state (%dynamic-state)))
    (%with-state
     (vector (%winders state)
             (cons handler (%handlers state))
             (%bindings state))
     thunk)))

(define (%handle object)
  (let* ((state (%dynamic-state)) (handlers (%handlers state)))
    (if (null? handlers)
        (%end-with object)
        (%with-state
         (vector (%winders state) (cdr handlers) (%bindings state))
         (lambda () ((car handlers) object))))))

(define (raise-continuable object) (%handle object))

(define (raise object)
  (%handle object)
  (let ((state (%dynamic-state)))
    (%set-dynamic-state!
     (vector (%winders state) (cdr (%handlers state)) (%bindings state)))
    (raise
     (%make-condition 'error
                      "a handler has returned from what cannot go on"
                      (list object)))))

(define (error message . irritants)
  (raise (%make-condition 'error message irritants)))

; Values.

(define (call-with-values producer consumer)
  (apply consumer (%values->list (producer))))
