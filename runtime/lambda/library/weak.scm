; What refers without keeping alive, and what is done when objects have died.

(define-library (lambda weak)
  (import (lambda core) (lambda primitives) (lambda control))
  (export make-weak-map weak-map? weak-map-ref weak-map-set! weak-map-delete!
          weak-map-contains? weak-map-count weak-map-update!
          make-weak-reference weak-reference? weak-reference-value
          make-guardian add-cleanup! run-cleanups)
  (begin

  ; (weak-map-update! map key procedure [default])
  (define (weak-map-update! map key procedure . default)
    (weak-map-set! map key
                   (procedure (apply weak-map-ref map key default))))

  ; A procedure: with an object it waits for it to die, without one it returns
  ; one that has died, or #f.
  (define (make-guardian)
    (let ((guardian (%make-guardian)))
      (case-lambda
        (() (%guardian-next guardian))
        ((object) (%guardian-add! guardian object)))))

  ; Calls the thunks of what was found dead, and returns how many there were.
  ; Each is taken before it is called, so that one that raises loses only
  ; itself.
  (define (run-cleanups)
    (let loop ((count 0))
      (let ((thunk (%take-cleanup)))
        (if thunk
            (begin
              (thunk)
              (loop (+ count 1)))
            count))))))
