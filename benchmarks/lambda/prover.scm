;;; A prover by rewriting, in the manner of Boyer and Moore. Lemmas rewrite a
;;; statement, from inside out, until none applies; that turns all connectives
;;; into `if`, and no `if` is left in the test of another. The statement is a
;;; theorem if every path through the tree that is left ends in truth.
;;;
;;;   prover PIGEONS LINKS
;;;
;;; proves some laws, that so many pigeons do not fit into a hole less, and that
;;; a chain of so many implications leads from its first statement to its last;
;;; and does not prove it where there are holes enough, and where the chain has
;;; a gap.
(import (scheme base) (scheme cxr) (scheme write) (scheme process-context))

;;; Terms. A variable is a symbol; an application is a pair of an operator and
;;; the list of its arguments.

(define-record-type operator
  (make-operator name lemmas)
  operator?
  (name operator-name)
  (lemmas operator-lemmas set-operator-lemmas!))

(define operators '())

(define (operator-named name)
  (let ((entry (assq name operators)))
    (if entry
        (cdr entry)
        (let ((new (make-operator name '())))
          (set! operators (cons (cons name new) operators))
          new))))

;; From lists of symbols, as they are written.
(define (term text)
  (if (symbol? text)
      text
      (cons (operator-named (car text)) (map term (cdr text)))))

(define if-operator (operator-named 'if))
(define true (term '(true)))
(define false (term '(false)))

(define (is? term operator)
  (and (pair? term) (eq? (car term) operator)))

(define (same? a b)
  (cond ((eq? a b) #t)
        ((and (pair? a) (pair? b) (eq? (car a) (car b)))
         (let loop ((a (cdr a)) (b (cdr b)))
           (or (null? a)
               (and (same? (car a) (car b)) (loop (cdr a) (cdr b))))))
        (else #f)))

(define (known? term terms)
  (and (pair? terms)
       (or (same? term (car terms)) (known? term (cdr terms)))))

;;; Lemmas. A term that matches the left side equals the right side.

(define (add-lemma! left right)
  (let* ((left (term left)) (head (car left)))
    (set-operator-lemmas!
     head
     (append (operator-lemmas head) (list (cons left (term right)))))))

(for-each
 (lambda (lemma) (add-lemma! (car lemma) (cadr lemma)))
 '(((not p) (if p (false) (true)))
   ((and p q) (if p (if q (true) (false)) (false)))
   ((or p q) (if p (true) (if q (true) (false))))
   ((implies p q) (if p (if q (true) (false)) (true)))
   ((iff p q) (and (implies p q) (implies q p)))
   ((if (true) p q) p)
   ((if (false) p q) q)
   ((if (if p q r) s u) (if p (if q s u) (if r s u)))
   ((equal x x) (true))
   ((equal (plus x y) (plus x z)) (equal y z))
   ((equal (next x) (next y)) (equal x y))
   ((equal (zero) (next x)) (false))
   ((plus (zero) x) x)
   ((plus (next x) y) (next (plus x y)))
   ((plus (plus x y) z) (plus x (plus y z)))
   ((times (zero) x) (zero))
   ((times (next x) y) (plus y (times x y)))
   ((times (plus x y) z) (plus (times x z) (times y z)))
   ((times (times x y) z) (times x (times y z)))
   ((append (nil) x) x)
   ((append (cons x y) z) (cons x (append y z)))
   ((append (append x y) z) (append x (append y z)))
   ((reverse (nil)) (nil))
   ((reverse (cons x y)) (append (reverse y) (cons x (nil))))
   ((reverse (append x y)) (append (reverse y) (reverse x)))
   ((reverse (reverse x)) x)
   ((length (nil)) (zero))
   ((length (cons x y)) (next (length y)))
   ((length (append x y)) (plus (length x) (length y)))
   ((length (reverse x)) (length x))
   ((member x (nil)) (false))
   ((member x (append y z)) (or (member x y) (member x z)))
   ((member x (reverse y)) (member x y))))

;; The bindings under which the pattern is the term, added to those given, or
;; false.
(define (match pattern term bindings)
  (cond ((symbol? pattern)
         (let ((bound (assq pattern bindings)))
           (cond ((not bound) (cons (cons pattern term) bindings))
                 ((same? (cdr bound) term) bindings)
                 (else #f))))
        ((is? term (car pattern))
         (let loop ((patterns (cdr pattern))
                    (terms (cdr term))
                    (bindings bindings))
           (if (or (not bindings) (null? patterns))
               bindings
               (loop (cdr patterns)
                     (cdr terms)
                     (match (car patterns) (car terms) bindings)))))
        (else #f)))

;; The arguments of a term are rewritten before a lemma is tried, and so is what
;; its variables are bound to: of the right side only operators are new.
(define rewrites 0)

(define (rewrite term)
  (if (symbol? term)
      term
      (rewrite-head (cons (car term) (map rewrite (cdr term))))))

(define (rewrite-instance pattern bindings)
  (if (symbol? pattern)
      (cdr (assq pattern bindings))
      (rewrite-head
       (cons (car pattern)
             (map (lambda (argument) (rewrite-instance argument bindings))
                  (cdr pattern))))))

(define (rewrite-head term)
  (let loop ((lemmas (operator-lemmas (car term))))
    (if (null? lemmas)
        term
        (let ((bindings (match (caar lemmas) term '())))
          (cond (bindings
                 (set! rewrites (+ rewrites 1))
                 (rewrite-instance (cdar lemmas) bindings))
                (else (loop (cdr lemmas))))))))

;; Whether a rewritten statement holds wherever all of `facts` and none of
;; `lies` do.
(define (tautology? term facts lies)
  (cond ((same? term true) #t)
        ((same? term false) #f)
        ((is? term if-operator)
         (let ((test (cadr term))
               (then (caddr term))
               (otherwise (cadddr term)))
           (cond ((or (same? test true) (known? test facts))
                  (tautology? then facts lies))
                 ((or (same? test false) (known? test lies))
                  (tautology? otherwise facts lies))
                 (else
                  (and (tautology? then (cons test facts) lies)
                       (tautology? otherwise facts (cons test lies)))))))
        (else (known? term facts))))

(define (theorem? text)
  (tautology? (rewrite (term text)) '() '()))

;;; Statements.

(define (numbers-below n)
  (let loop ((i (- n 1)) (all '()))
    (if (< i 0) all (loop (- i 1) (cons i all)))))

(define (append-map f items)
  (apply append (map f items)))

;; (connective a (connective b c)) of a, b and c.
(define (connect connective texts)
  (if (null? (cdr texts))
      (car texts)
      (list connective (car texts) (connect connective (cdr texts)))))

(define (name letter . numbers)
  (string->symbol
   (apply string-append
          letter
          (map (lambda (number) (string-append "-" (number->string number)))
               numbers))))

;; If each pigeon has a hole then some two have the same.
(define (crowded pigeons holes)
  (define (sits pigeon hole) (name "sits" pigeon hole))
  (list 'implies
        (connect 'and
                 (map (lambda (pigeon)
                        (connect 'or
                                 (map (lambda (hole) (sits pigeon hole))
                                      (numbers-below holes))))
                      (numbers-below pigeons)))
        (connect 'or
                 (append-map
                  (lambda (hole)
                    (append-map
                     (lambda (second)
                       (map (lambda (first)
                              (list 'and (sits first hole) (sits second hole)))
                            (numbers-below second)))
                     (numbers-below pigeons)))
                  (numbers-below holes)))))

;; Statements about lists, the same one said in two ways.
(define (said i)
  (list 'equal
        (list 'length (list 'reverse (list 'append (name "a" i) (name "b" i))))
        '(times (next (next (zero))) n)))

(define (said-otherwise i)
  (list 'equal
        (list 'plus
              (list 'length (name "b" i))
              (list 'length (list 'reverse (name "a" i))))
        '(plus n (plus n (zero)))))

(add-lemma! '(plus n (zero)) 'n)

;; The first of so many statements implies the last if each implies the next.
;; One is left out for a gap.
(define (chain links gap)
  (list 'implies
        (connect 'and
                 (append-map
                  (lambda (i)
                    (if (eqv? i gap)
                        '()
                        (list (list 'implies (said i) (said-otherwise (+ i 1))))))
                  (numbers-below links)))
        (list 'implies (said-otherwise 0) (said links))))

(define (laws)
  '((iff (member x (reverse (append y (reverse z))))
         (or (member x z) (member x y)))
    (equal (reverse (append (reverse x) (cons y (nil))))
           (cons y x))
    (equal (times (plus x (next y)) z)
           (plus (times x z) (plus z (times y z))))
    (implies (and (equal x y) (not (equal x y))) (member x (nil)))))

(define (main pigeons links)
  (let ((proved
         (map theorem?
              (append (laws)
                      (list (crowded pigeons (- pigeons 1))
                            (crowded pigeons pigeons)
                            (chain links #f)
                            (chain links (quotient links 2)))))))
    (display "proved=")
    (for-each (lambda (one) (display (if one "y" "n"))) proved)
    (display " rewrites=")
    (display rewrites)
    (newline)))

(apply main (map string->number (cdr (command-line))))
