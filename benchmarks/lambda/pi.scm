;;; Digits of π in big integers, by sums of arctangents that are taken in two
;;; ways: term by term, each a little smaller than the one before, and as
;;; fractions of which halves are summed first, so that numbers stay small as
;;; long as they can.
;;;
;;;   pi DIGITS
;;;
;;; takes Machin's and Gauss's formulas in both ways, sees that all agree, and
;;; says which digits are the last ten and how often each occurs.
(import (scheme base) (scheme write) (scheme process-context))

;; A formula is a list of pairs: so many times the arctangent of one over that.
(define machin '((16 . 5) (-4 . 239)))
(define gauss '((48 . 18) (32 . 57) (-20 . 239)))

;;; Term by term: an integer stands for so many parts of `unit`.

(define (arctangent-of-inverse x unit)
  (let ((square-of-x (square x)))
    (let loop ((power (quotient unit x)) (divisor 1) (sum 0))
      (if (= power 0)
          sum
          (let ((term (quotient power divisor)))
            (loop (quotient power square-of-x)
                  (+ divisor 2)
                  (if (= (modulo divisor 4) 1) (+ sum term) (- sum term))))))))

(define (sum-by-terms formula unit)
  (apply +
         (map (lambda (part)
                (* (car part) (arctangent-of-inverse (cdr part) unit)))
              formula)))

;;; By halves: the terms from one number to another as a fraction.

(define-record-type fraction
  (make-fraction numerator denominator)
  fraction?
  (numerator fraction-numerator)
  (denominator fraction-denominator))

;; Of the sum of (-1)^k / ((2k+1) q^k) for k from `from` up to `to`: q^(to-from)
;; times the product of the odd numbers is its denominator, and `scale` is what
;; later terms are divided by.
(define (sum-of-range from to q)
  (if (= (- to from) 1)
      (cons (make-fraction 1 (+ from from 1)) q)
      (let* ((middle (quotient (+ from to) 2))
             (left (sum-of-range from middle q))
             (right (sum-of-range middle to q))
             (a (car left))
             (b (car right))
             (scale (cdr left))
             (sign (if (even? (- middle from)) 1 -1)))
        (cons (make-fraction
               (+ (* (fraction-numerator a) (fraction-denominator b) scale)
                  (* sign (fraction-numerator b) (fraction-denominator a)))
               (* (fraction-denominator a) (fraction-denominator b) scale))
              (* scale (cdr right))))))

;; So many terms that the rest is less than one part of a unit of `digits`.
(define (terms-for x digits)
  (let loop ((terms 1) (power (square x)) (limit (expt 10 digits)))
    (if (> power limit)
        (+ 1 (quotient (* terms 11) 10))
        (loop (* 2 terms) (square power) limit))))

(define (sum-by-halves formula unit digits)
  (apply +
         (map (lambda (part)
                (let* ((x (cdr part))
                       (sum (car (sum-of-range 0
                                               (terms-for x digits)
                                               (square x)))))
                  (quotient (* (car part) unit (fraction-numerator sum))
                            (* x (fraction-denominator sum)))))
              formula)))

;;; Digits.

(define guard-digits 10)

(define (digits-of number)
  (map (lambda (digit) (- (char->integer digit) (char->integer #\0)))
       (string->list (number->string number))))

(define (counts digits)
  (let ((counts (make-vector 10 0)))
    (for-each (lambda (digit)
                (vector-set! counts digit (+ 1 (vector-ref counts digit))))
              digits)
    (vector->list counts)))

;; The number that so many digits from a place on spell.
(define (digits-from place count digits)
  (let loop ((digits (list-tail digits place)) (count count) (number 0))
    (if (= count 0)
        number
        (loop (cdr digits) (- count 1) (+ (* 10 number) (car digits))))))

(define (main digits)
  (let* ((places (+ digits guard-digits))
         (unit (expt 10 places))
         (cut (expt 10 guard-digits))
         (all (map (lambda (pi) (quotient pi cut))
                   (list (sum-by-terms machin unit)
                         (sum-by-terms gauss unit)
                         (sum-by-halves machin unit places)
                         (sum-by-halves gauss unit places))))
         (first (car all))
         (decimals (digits-of first)))
    (for-each display
              (list "agree=" (if (apply = all) "yes" "no")
                    " last=" (digits-from (- digits 9) 10 decimals)
                    " counts="))
    (let loop ((counts (counts decimals)))
      (display (car counts))
      (if (pair? (cdr counts))
          (begin (display ",") (loop (cdr counts)))))
    (newline)))

(apply main (map string->number (cdr (command-line))))
