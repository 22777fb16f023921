; Hash tables: what of them calls procedures, in the names of SRFI 69 and 125.

(define-library (lambda tables)
  (import (lambda core) (lambda primitives) (lambda control))
  (export make-hash-table hash-table? alist->hash-table
          make-eq-hash-table make-eqv-hash-table make-equal-hash-table
          make-string-hash-table
          hash-table-ref hash-table-ref/default hash-table-set!
          hash-table-delete! hash-table-contains? hash-table-exists?
          hash-table-update! hash-table-update!/default hash-table-intern!
          hash-table-count hash-table-size hash-table-empty?
          hash-table-keys hash-table-values hash-table->alist
          hash-table-walk hash-table-fold hash-table-copy hash-table-clear!
          hash-table-union! hash-table-merge! hash-table-prune!
          hash-table-equivalence-function hash-table-hash-function
          hash hash-by-identity string-ci-hash
          eq-hash eqv-hash equal-hash string-hash)
  (begin

  (define (%fail kind message . irritants)
    (raise (%make-condition kind message irritants)))

  ; Making. Equivalences have the numbers that they have in C++; the hash
  ; functions that programs give beside them are not needed.

  (define (%equivalence-number procedure)
    (cond ((eq? procedure equal?) 2)
          ((eq? procedure eq?) 0)
          ((eq? procedure eqv?) 1)
          ((eq? procedure string=?) 3)
          ((or (eq? procedure symbol=?) (eq? procedure boolean=?)) 0)
          ((eq? procedure char=?) 1)
          (else
           (%fail 'wrong-type
                  "make-hash-table: argument 1 is not eq?, eqv?, equal? or string=?"
                  procedure))))

  (define (make-hash-table . arguments)
    (%make-hash-table
     (if (null? arguments) 2 (%equivalence-number (car arguments)))))

  (define (make-eq-hash-table) (%make-hash-table 0))
  (define (make-eqv-hash-table) (%make-hash-table 1))
  (define (make-equal-hash-table) (%make-hash-table 2))
  (define (make-string-hash-table) (%make-hash-table 3))

  ; Of two entries with one key the first counts, as for assoc.
  (define (alist->hash-table alist . arguments)
    (let ((table (apply make-hash-table arguments)))
      (let loop ((rest alist))
        (if (null? rest)
            table
            (let ((entry (car rest)))
              (if (not (hash-table-contains? table (car entry)))
                  (hash-table-set! table (car entry) (cdr entry)))
              (loop (cdr rest)))))))

  ; What no key has for its value.
  (define %none (cons 'none '()))

  (define (%no-key name key)
    (%fail 'out-of-range
           (string-append name ": argument 2 is not a key of the table")
           key))

  (define hash-table-ref
    (case-lambda
      ((table key)
       (let ((value (hash-table-ref/default table key %none)))
         (if (eq? value %none) (%no-key "hash-table-ref" key) value)))
      ((table key failure)
       (let ((value (hash-table-ref/default table key %none)))
         (if (eq? value %none)
             (if failure (failure) (%no-key "hash-table-ref" key))
             value)))
      ((table key failure success)
       (let ((value (hash-table-ref/default table key %none)))
         (if (eq? value %none)
             (if failure (failure) (%no-key "hash-table-ref" key))
             (success value))))))

  (define hash-table-update!
    (case-lambda
      ((table key procedure)
       (hash-table-set! table key (procedure (hash-table-ref table key))))
      ((table key procedure failure)
       (hash-table-set! table key
                        (procedure (hash-table-ref table key failure))))
      ((table key procedure failure success)
       (hash-table-set! table key
                        (procedure
                         (hash-table-ref table key failure success))))))

  (define (hash-table-update!/default table key procedure default)
    (hash-table-set! table key
                     (procedure (hash-table-ref/default table key default))))

  ; The key's value, which `failure` makes if there is none.
  (define (hash-table-intern! table key failure)
    (let ((value (hash-table-ref/default table key %none)))
      (if (eq? value %none)
          (let ((made (failure)))
            (hash-table-set! table key made)
            made)
          value)))

  (define hash-table-exists? hash-table-contains?)

  ; Walks: through the entries that are there when they begin.

  (define (hash-table-walk table procedure)
    (let* ((entries (%hash-table-entries table))
           (end (vector-length entries)))
      (let loop ((i 0))
        (if (< i end)
            (begin
              (procedure (vector-ref entries i) (vector-ref entries (+ i 1)))
              (loop (+ i 2)))))))

  ; (hash-table-fold procedure seed table), or in SRFI 69's order.
  (define (hash-table-fold a b c)
    (if (hash-table? a)
        (hash-table-fold b c a)
        (let* ((entries (%hash-table-entries c))
               (end (vector-length entries)))
          (let loop ((i 0) (result b))
            (if (< i end)
                (loop (+ i 2)
                      (a (vector-ref entries i)
                         (vector-ref entries (+ i 1))
                         result))
                result)))))

  ; Removes the entries of which (procedure key value) is true.
  (define (hash-table-prune! procedure table)
    (hash-table-walk table
                     (lambda (key value)
                       (if (procedure key value)
                           (hash-table-delete! table key)))))

  ; Adds to `a` the entries of `b` whose keys it has not.
  (define (hash-table-union! a b)
    (hash-table-walk b
                     (lambda (key value)
                       (if (not (hash-table-contains? a key))
                           (hash-table-set! a key value))))
    a)

  (define hash-table-merge! hash-table-union!)

  ; What a table has, in the order of their numbers.

  (define (hash-table-equivalence-function table)
    (vector-ref (vector eq? eqv? equal? string=?)
                (%hash-table-equivalence table)))

  (define (hash-table-hash-function table)
    (vector-ref (vector eq-hash eqv-hash equal-hash string-hash)
                (%hash-table-equivalence table)))

  ; Other names, as SRFI 69 has them.

  (define hash equal-hash)
  (define hash-by-identity eq-hash)

  (define (string-ci-hash string . bound)
    (apply equal-hash (string-foldcase string) bound))))
