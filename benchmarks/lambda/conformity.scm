;;; A search for conformity: an interface conforms to another if it has all of
;;; its operations, with results that conform and arguments to which those of
;;; the other conform. Interfaces speak of each other in circles, so that a
;;; question may need its own answer; it is assumed to be yes until something
;;; speaks against it.
;;;
;;;   conformity INTERFACES SEARCHES
;;;
;;; asks of so many random interfaces for each pair whether they conform, in two
;;; ways that have to agree: all pairs at once, and so many by themselves.
(import (scheme base) (scheme write) (scheme process-context))

(define-record-type interface
  (make-interface number operations)
  interface?
  (number interface-number)
  (operations interface-operations set-interface-operations!))

(define-record-type operation
  (make-operation name argument result)
  operation?
  (name operation-name)
  (argument operation-argument)
  (result operation-result))

(define (find-operation interface name)
  (let loop ((operations (interface-operations interface)))
    (cond ((null? operations) #f)
          ((eq? (operation-name (car operations)) name) (car operations))
          (else (loop (cdr operations))))))

;;; Random interfaces.

(define seed 7)

(define (random below)
  (set! seed (modulo (+ (* seed 48271) 5) 2147483647))
  (modulo (quotient seed 32) below))

(define names '(open read write))

(define (random-interfaces count)
  (let ((interfaces (make-vector count #f)))
    (define (any) (vector-ref interfaces (random count)))
    (let loop ((i 0))
      (if (< i count)
          (begin
            (vector-set! interfaces i (make-interface i '()))
            (loop (+ i 1)))))
    (vector-for-each
     (lambda (interface)
       (let ((wanted (random 8)))
         (let loop ((names names) (wanted wanted) (operations '()))
           (cond ((null? names)
                  (set-interface-operations! interface operations))
                 ((odd? wanted)
                  (let* ((argument (any)) (result (any)))
                    (loop (cdr names)
                          (quotient wanted 2)
                          (cons (make-operation (car names) argument result)
                                operations))))
                 (else
                  (loop (cdr names) (quotient wanted 2) operations))))))
     interfaces)
    interfaces))

;;; All pairs at once: all conform at first, and those that do not are struck
;;; out, and then those that were so because of them.

;; What has to conform for `a` to conform to `b`: pairs of interfaces; or false
;; if it lacks an operation.
(define (requirements a b)
  (let loop ((operations (interface-operations b)) (pairs '()))
    (if (null? operations)
        pairs
        (let* ((theirs (car operations))
               (ours (find-operation a (operation-name theirs))))
          (and ours
               (loop (cdr operations)
                     (cons (cons (operation-result ours)
                                 (operation-result theirs))
                           (cons (cons (operation-argument theirs)
                                       (operation-argument ours))
                                 pairs))))))))

;; A vector with, for each pair, whether it conforms: that of `a` and `b` is at
;; the number of `a` times how many there are, plus that of `b`.
(define (conformity interfaces)
  (let* ((count (vector-length interfaces))
         (conforms (make-vector (* count count) #t))
         (dependents (make-vector (* count count) '())))
    (define (place pair)
      (+ (* count (interface-number (car pair)))
         (interface-number (cdr pair))))
    (define (strike-out! struck)
      (if (pair? struck)
          (let ((at (car struck)) (rest (cdr struck)))
            (if (vector-ref conforms at)
                (begin
                  (vector-set! conforms at #f)
                  (strike-out! (append (vector-ref dependents at) rest)))
                (strike-out! rest)))))
    (let ((struck '()))
      (vector-for-each
       (lambda (a)
         (vector-for-each
          (lambda (b)
            (let* ((at (place (cons a b))) (required (requirements a b)))
              (if required
                  (for-each
                   (lambda (pair)
                     (let ((on (place pair)))
                       (vector-set! dependents
                                    on
                                    (cons at (vector-ref dependents on)))))
                   required)
                  (set! struck (cons at struck)))))
          interfaces))
       interfaces)
      (strike-out! struck))
    conforms))

;;; A pair by itself. What was assumed on the way is a tree of pairs, which is
;;; never changed: if the answer is no, what was assumed for it is forgotten.

(define-record-type assumption
  (make-assumption key less more)
  assumption?
  (key assumption-key)
  (less assumption-less)
  (more assumption-more))

;; The pair's number, shuffled: keys that come in any order make flat trees.
;; Different for each pair of up to a thousand interfaces, as 1048573 is prime.
(define (key-of a b count)
  (modulo (* (+ (* count (interface-number a)) (interface-number b)) 7919)
          1048573))

(define (assumed? key tree)
  (and tree
       (let ((root (assumption-key tree)))
         (cond ((= key root) #t)
               ((< key root) (assumed? key (assumption-less tree)))
               (else (assumed? key (assumption-more tree)))))))

(define (assume key tree)
  (cond ((not tree) (make-assumption key #f #f))
        ((< key (assumption-key tree))
         (make-assumption (assumption-key tree)
                          (assume key (assumption-less tree))
                          (assumption-more tree)))
        (else
         (make-assumption (assumption-key tree)
                          (assumption-less tree)
                          (assume key (assumption-more tree))))))

(define questions 0)

;; What is assumed if `a` conforms to `b`, with what was before; false if not.
;; Assumptions are '() or a list of one tree, since an empty tree is false.
(define (search a b assumptions count)
  (let ((key (key-of a b count)))
    (set! questions (+ questions 1))
    (if (assumed? key (car assumptions))
        assumptions
        (let ((required (requirements a b)))
          (and required
               (let loop ((pairs required)
                          (assumptions (list (assume key (car assumptions)))))
                 (cond ((null? pairs) assumptions)
                       ((search (caar pairs) (cdar pairs) assumptions count)
                        => (lambda (more) (loop (cdr pairs) more)))
                       (else #f))))))))

;;; What the answers look like.

(define (count-true vector)
  (let loop ((i 0) (count 0))
    (if (= i (vector-length vector))
        count
        (loop (+ i 1) (if (vector-ref vector i) (+ count 1) count)))))

;; How many interfaces there are if those that conform to each other are one.
(define (distinct interfaces conforms)
  (let ((count (vector-length interfaces)))
    (define (conform? i j) (vector-ref conforms (+ (* count i) j)))
    (let loop ((i 0) (found '()))
      (if (= i count)
          (length found)
          (loop (+ i 1)
                (let known ((rest found))
                  (cond ((null? rest) (cons i found))
                        ((and (conform? i (car rest)) (conform? (car rest) i))
                         found)
                        (else (known (cdr rest))))))))))

;; The length of the longest chain in which each conforms to the next and not
;; the other way round.
(define (longest-chain interfaces conforms)
  (let* ((count (vector-length interfaces))
         (lengths (make-vector count #f)))
    (define (conform? i j) (vector-ref conforms (+ (* count i) j)))
    (define (from i)
      (or (vector-ref lengths i)
          (let loop ((j 0) (longest 0))
            (cond ((= j count)
                   (vector-set! lengths i (+ longest 1))
                   (+ longest 1))
                  ((and (conform? i j) (not (conform? j i)))
                   (loop (+ j 1) (max longest (from j))))
                  (else (loop (+ j 1) longest))))))
    (let loop ((i 0) (longest 0))
      (if (= i count)
          longest
          (loop (+ i 1) (max longest (from i)))))))

(define (main interface-count searches)
  (let* ((interfaces (random-interfaces interface-count))
         (conforms (conformity interfaces)))
    (let loop ((i 0) (agree 0) (assumed 0))
      (if (< i searches)
          (let* ((a (vector-ref interfaces (random interface-count)))
                 (b (vector-ref interfaces (random interface-count)))
                 (found (search a b '(#f) interface-count)))
            (loop (+ i 1)
                  (if (eq? (pair? found)
                           (vector-ref conforms
                                       (+ (* interface-count
                                             (interface-number a))
                                          (interface-number b))))
                      (+ agree 1)
                      agree)
                  (if found (+ assumed 1) assumed)))
          (begin
            (for-each display
                      (list "agree=" agree
                            " conform=" (count-true conforms)
                            " distinct=" (distinct interfaces conforms)
                            " chain=" (longest-chain interfaces conforms)
                            " found=" assumed
                            " questions=" questions))
            (newline))))))

(apply main (map string->number (cdr (command-line))))
