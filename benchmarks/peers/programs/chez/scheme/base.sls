;; (scheme base) of R7RS, which Chez Scheme 9.5 lacks: as much of it as the
;; programs in benchmarks/lambda use, from Chez Scheme's own bindings.
(library (scheme base)
  (export define-record-type error square
          ... => _ * + - < <= = > >= abs and append apply assoc assq assv
          begin boolean? caar cadr call-with-values call/cc
          call-with-current-continuation car case cdar cddr cdr
          char->integer char<? char=? char? close-port cond cons define
          define-syntax define-values do dynamic-wind else eof-object
          eof-object? eq? equal? eqv? even? exact expt for-each gcd
          get-output-string guard if inexact integer->char lambda length
          let let* let*-values let-values letrec letrec* list
          list->string list->vector list-ref list-tail list? make-string
          make-vector map max member memq memv min modulo negative?
          newline not null? number->string number? odd?
          open-input-string open-output-string or pair? parameterize
          peek-char positive? procedure? quasiquote quote quotient raise
          read-char remainder reverse set! set-car! set-cdr! string
          string->list string->number string->symbol string-append
          string-for-each string-length string-ref string=? string?
          substring symbol->string symbol? syntax-rules unless unquote
          unquote-splicing values vector vector->list vector-fill!
          vector-for-each vector-length vector-map vector-ref vector-set!
          vector? when write-char zero?)
  (import (rename (chezscheme)
                  (define-record-type define-chez-record-type)
                  (error chez-error)))

  (define (error message . irritants)
    (apply chez-error #f message irritants))

  (define (square x) (* x x))

  ;; A field that the constructor does not take is false at first.
  (define-syntax define-record-type
    (syntax-rules ()
      [(_ type (constructor taken ...) predicate (field . procedures) ...)
       (define-fields type (constructor taken ...) predicate (field ...) ()
                      (field . procedures) ...)]))

  ;; Gathers the clauses of fields, as Chez Scheme writes them.
  (define-syntax define-fields
    (syntax-rules ()
      [(_ type (constructor taken ...) predicate (field ...) (clause ...))
       (define-chez-record-type (type constructor predicate)
         (sealed #t)
         (fields clause ...)
         (protocol
          (lambda (new)
            (let ([field #f] ...)
              (lambda (taken ...) (new field ...))))))]
      [(_ type constructor predicate all (clause ...) (field get) . more)
       (define-fields type constructor predicate all
                      (clause ... (immutable field get)) . more)]
      [(_ type constructor predicate all (clause ...) (field get set) . more)
       (define-fields type constructor predicate all
                      (clause ... (mutable field get set)) . more)])))
