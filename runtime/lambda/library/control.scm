; Control: continuations, what is done when control enters and leaves, and what
; is done about errors.
;
; The dynamic state is a vector of three: the winders, a list of vectors of two
; thunks and the state around them, with the innermost first; the handlers,
; likewise; and the parameters' bindings, an association list. It never changes:
; who enters something makes another, and a continuation has the one of its time.

(define-library (lambda control)
  (import (lambda core) (lambda primitives))
  (export dynamic-wind call-with-current-continuation call/cc
          with-exception-handler raise raise-continuable error call-with-values
          make-parameter make-promise force
          %leave-all %raise-wrong-type %guard %guard-reraise %parameterize %delay-force %delay)
  (begin

  (%set-dynamic-state! (vector '() '() '()))

  (define (%winders state) (vector-ref state 0))
  (define (%handlers state) (vector-ref state 1))
  (define (%bindings state) (vector-ref state 2))
  (define (%state-around winder) (vector-ref winder 2))

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
       (vector (cons (vector before after state) (%winders state))
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
  ; in, outermost first. What is done then is done in the dynamic state of the
  ; call of dynamic-wind, with its handlers and parameters; the caller sets that
  ; of the end.
  (define (%rewind from to)
    (if (not (eq? from to))
        (let ((common (%common-tail from to)))
          (%unwind from common)
          (%wind to common))))

  (define (%unwind from common)
    (if (not (eq? from common))
        (begin
          (%set-dynamic-state! (%state-around (car from)))
          ((vector-ref (car from) 1))
          (%unwind (cdr from) common))))

  (define (%wind to common)
    (if (not (eq? to common))
        (begin
          (%wind (cdr to) common)
          (%set-dynamic-state! (%state-around (car to)))
          ((vector-ref (car to) 0)))))

  (define (%leave-all)
    (%rewind (%winders (%dynamic-state)) '()))

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

  (define (%raise-wrong-type name expected value)
    (raise
     (%make-condition 'wrong-type
                      (string-append (symbol->string name)
                                     ": the argument is not " expected)
                      (list value))))

  ; What guard expands into: leaves the thunk before anything is done.

  (define (%guard thunk handler)
    ((call/cc
      (lambda (leave)
        (with-exception-handler
         (lambda (object) (leave (lambda () (handler object))))
         (lambda () (let ((result (thunk))) (lambda () result))))))))

  ; The same, where an object may be of no clause. Going back to where it was
  ; raised takes a continuation, which is as big as the stack is deep. So where
  ; nothing is to be done on the way, the clause is chosen before leaving.

  (define (%guard-reraise thunk choose)
    (let ((outside (%dynamic-state)))
      ((call/cc
        (lambda (leave)
          (define (handle object)
            (if (eq? (%winders (%dynamic-state)) (%winders outside))
                (let ((chosen
                       (%with-state outside (lambda () (choose object)))))
                  (if chosen
                      (leave chosen)
                      (raise-continuable object)))
                (leave-and-choose object)))
          (define (leave-and-choose object)
            ((call/cc
              (lambda (return)
                (leave
                 (lambda ()
                   (let ((chosen (choose object)))
                     (if chosen
                         (chosen)
                         (return
                          (lambda () (raise-continuable object)))))))))))
          (with-exception-handler
           handle
           (lambda () (let ((result (thunk))) (lambda () result)))))))))

  ; Parameters.

  ; (No case-lambda yet: its procedure is made of what is defined here.)
  (define (make-parameter value . converter)
    (if (null? converter)
        (%make-parameter value #f)
        (letrec ((make-parameter
                  (lambda (value converter)
                    (%make-parameter (converter value) converter))))
          (apply make-parameter value converter))))

  (define (%parameterize thunk . bindings)
    (let ((state (%dynamic-state)))
      (%with-state
       (vector (%winders state)
               (%handlers state)
               (%bind bindings (%bindings state)))
       thunk)))

  ; A list of parameters and values, by turns, in front of the bindings.
  (define (%bind list bindings)
    (if (null? list)
        bindings
        (let ((converter (%parameter-converter (car list)))
              (value (car (cdr list))))
          (cons (cons (car list) (if converter (converter value) value))
                (%bind (cdr (cdr list)) bindings)))))

  ; Promises. The content is a pair: whether it is forced, and its value or
  ; else a thunk. A chain of promises that go on with each other shares one.

  (define (%delay-force thunk) (%make-promise (cons #f thunk)))

  (define (%delay thunk)
    (%delay-force (lambda () (%make-promise (cons #t (thunk))))))

  (define (make-promise value)
    (if (promise? value) value (%make-promise (cons #t value))))

  (define (force promise)
    (if (promise? promise) (%force promise) promise))

  (define (%force promise)
    (let ((content (%promise-content promise)))
      (if (car content)
          (cdr content)
          (let* ((next ((cdr content))) (content (%promise-content promise)))
            ; It may have been forced meanwhile, by its own thunk.
            (if (not (car content))
                (let ((other (%promise-content next)))
                  (set-car! content (car other))
                  (set-cdr! content (cdr other))
                  (%set-promise-content! next content)))
            (%force promise)))))

  ; Values.

  (define (call-with-values producer consumer)
    (apply consumer (%values->list (producer))))))
