; Evaluation: eval and load, environments, and leaving.
;
; An environment is a record with its number among the session's. What the
; session compiles is a list of thunks to call in turn; see evaluator.h.

(define-library (lambda evaluation)
  (import (lambda core) (except (lambda primitives) assoc member)
          (lambda control) (lambda sequences))
  (export emergency-exit environment environment? eval exit
          interaction-environment load make-namespace namespace-clear!
          null-environment scheme-report-environment)
  (begin

  (define-record-type <environment>
    (%make-environment index)
    environment?
    (index %environment-index))

  (define (environment . import-sets)
    (%make-environment (%environment import-sets)))

  (define (interaction-environment) (%make-environment 0))

  ; What a program without imports has.
  (define (make-namespace) (environment '(lambda all)))

  ; What was defined in it is not any more; what it imports stays.
  (define (namespace-clear! namespace)
    (%clear-environment (%environment-index namespace)))

  (define (scheme-report-environment version)
    (%check-version version)
    (environment '(scheme r5rs)))

  (define (null-environment version)
    (%check-version version)
    (environment '(only (scheme r5rs)
                        and begin case cond define define-syntax delay do if
                        lambda let let* let-syntax letrec letrec-syntax or
                        quasiquote quote set! syntax-rules)))

  (define (%check-version version)
    (if (not (memv version '(5 7)))
        (error "the version of the report is 5 or 7" version)))

  (define (%run thunks)
    (if (null? (cdr thunks))
        ((car thunks))
        (begin
          ((car thunks))
          (%run (cdr thunks)))))

  ; Without an environment it is the session's own.
  (define eval
    (case-lambda
      ((form) (%run (%compile form 0)))
      ((form in) (%run (%compile form (%environment-index in))))))

  (define load
    (case-lambda
      ((path) (%load path 0))
      ((path in) (%load path (%environment-index in)))))

  (define (%load path index)
    (let ((program (%open-program path)))
      (let loop ()
        (let ((thunks (%compile-next program index)))
          (if thunks
              (begin
                (%run thunks)
                (loop)))))))

  ; Leaves what control is in, innermost first.
  (define exit
    (case-lambda
      (() (exit #t))
      ((status)
       (%leave-all)
       (%exit status))))

  (define emergency-exit
    (case-lambda
      (() (%exit #t))
      ((status) (%exit status))))))
