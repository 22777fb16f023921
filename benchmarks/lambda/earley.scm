;;; Earley's parser: the sets of a text's places hold all rules that may be
;;; under way there, and how far they are. It takes grammars that are ambiguous,
;;; and keeps all of the trees, which share what they have in common.
;;;
;;;   earley OPERATORS
;;;
;;; parses a sum of so many operators in a grammar in which any grouping goes,
;;; whose trees are counted by the Catalan numbers, and in one that says which
;;; operator comes first, where there is one tree.
(import (scheme base) (scheme write) (scheme process-context))

;;; Grammars. A symbol of a rule is a character, or a category.

(define-record-type category
  (make-category name rules)
  category?
  (name category-name)
  (rules category-rules set-category-rules!)) ; Lists of symbols.

;; From ((name (symbol ...) ...) ...): the first category is what is parsed.
(define (grammar text)
  (let ((categories
         (map (lambda (entry) (make-category (car entry) '())) text)))
    (define (lookup symbol)
      (let loop ((rest categories))
        (cond ((char? symbol) symbol)
              ((eq? (category-name (car rest)) symbol) (car rest))
              (else (loop (cdr rest))))))
    (for-each
     (lambda (category entry)
       (set-category-rules!
        category
        (map (lambda (rule) (map lookup rule)) (cdr entry))))
     categories
     text)
    (car categories)))

(define any-grouping
  (grammar '((sum (sum #\+ sum)
                  (sum #\* sum)
                  (#\- sum)
                  (#\( sum #\))
                  (#\x)))))

(define with-precedence
  (grammar '((sum (product) (sum #\+ product))
             (product (factor) (product #\* factor))
             (factor (#\x) (#\- factor) (#\( sum #\))))))

;;; Items. What is left of a rule that began at `origin`, and the ways that led
;;; here: each a pair of the item before and the item of the category that came
;;; since, or false for a character.

(define-record-type item
  (make-item category rest origin ways trees)
  item?
  (category item-category)
  (rest item-rest)
  (origin item-origin)
  (ways item-ways set-item-ways!)
  (trees item-trees set-item-trees!)) ; Counted at the end; false before.

;; The items of a place, by what they wait for, and by where they began, to find
;; those that are there already.
(define-record-type place
  (make-place waiting by-origin)
  place?
  (waiting place-waiting set-place-waiting!) ; ((symbol item ...) ...)
  (by-origin place-by-origin))

(define item-count 0)
(define way-count 0)

(define (find-item items category rest)
  (cond ((null? items) #f)
        ((and (eq? (item-rest (car items)) rest)
              (eq? (item-category (car items)) category))
         (car items))
        (else (find-item (cdr items) category rest))))

(define (waiting-for place symbol)
  (let ((entry (assq symbol (place-waiting place))))
    (if entry (cdr entry) '())))

(define (add-waiting! place symbol item)
  (let ((entry (assq symbol (place-waiting place))))
    (if entry
        (set-cdr! entry (cons item (cdr entry)))
        (set-place-waiting!
         place
         (cons (list symbol item) (place-waiting place))))))

;; The items of the places from 0 to the end of the text, in a vector.
(define (parse start text)
  (let* ((end (string-length text))
         (places (make-vector (+ end 1) #f)))

    ;; Of the current place: items that nothing was made of yet.
    (define agenda '())

    (define (add! index category rest origin way)
      (let* ((place (vector-ref places index))
             (items (vector-ref (place-by-origin place) origin))
             (old (find-item items category rest))
             (item (or old (make-item category rest origin '() #f))))
        (if way
            (begin
              (set! way-count (+ way-count 1))
              (set-item-ways! item (cons way (item-ways item)))))
        (if (not old)
            (begin
              (set! item-count (+ item-count 1))
              (vector-set! (place-by-origin place) origin (cons item items))
              (set! agenda (cons item agenda))))))

    (define (predict! index category)
      (for-each
       (lambda (rule) (add! index category rule index #f))
       (category-rules category)))

    ;; No rule is empty, so that all that waits for this one is known: it began
    ;; at an earlier place.
    (define (complete! index item)
      (for-each
       (lambda (waiting)
         (add! index
               (item-category waiting)
               (cdr (item-rest waiting))
               (item-origin waiting)
               (cons waiting item)))
       (waiting-for (vector-ref places (item-origin item))
                    (item-category item))))

    (define (proceed! index item)
      (if (null? (item-rest item))
          (complete! index item)
          (let ((next (car (item-rest item))))
            (if (and (category? next)
                     (null? (waiting-for (vector-ref places index) next)))
                (predict! index next))
            (add-waiting! (vector-ref places index) next item))))

    (define (run-agenda! index)
      (if (pair? agenda)
          (let ((item (car agenda)))
            (set! agenda (cdr agenda))
            (proceed! index item)
            (run-agenda! index))))

    (vector-set! places 0 (make-place '() (make-vector 1 '())))
    (predict! 0 start)
    (run-agenda! 0)
    (let loop ((index 0))
      (if (< index end)
          (let ((next (+ index 1)))
            (vector-set! places next
                         (make-place '() (make-vector (+ next 1) '())))
            (for-each
             (lambda (item)
               (add! next
                     (item-category item)
                     (cdr (item-rest item))
                     (item-origin item)
                     (cons item #f)))
             (waiting-for (vector-ref places index) (string-ref text index)))
            (run-agenda! next)
            (loop next))))
    places))

;;; Trees.

(define (count-trees item)
  (cond ((not item) 1)
        ((item-trees item))
        ((null? (item-ways item)) 1)
        (else
         (let ((trees
                (apply +
                       (map (lambda (way)
                              (* (count-trees (car way))
                                 (count-trees (cdr way))))
                            (item-ways item)))))
           (set-item-trees! item trees)
           trees))))

;; How many trees the whole text has.
(define (ambiguity start text)
  (let* ((places (parse start text))
         (last (vector-ref places (string-length text))))
    (let loop ((items (vector-ref (place-by-origin last) 0)) (sum 0))
      (cond ((null? items) sum)
            ((and (null? (item-rest (car items)))
                  (eq? (item-category (car items)) start))
             (loop (cdr items) (+ sum (count-trees (car items)))))
            (else (loop (cdr items) sum))))))

;;; Texts.

;; x+x*x+x of three operators.
(define (plain operators)
  (let loop ((i 0) (parts '("x")))
    (if (= i operators)
        (apply string-append parts)
        (loop (+ i 1) (cons (if (even? i) "x+" "x*") parts)))))

;; Terms in brackets, each of a sum of three; it is the groups that are
;; ambiguous.
(define (in-groups operators)
  (let loop ((i 0) (parts '("x")))
    (if (= i operators)
        (apply string-append parts)
        (loop (+ i 1) (cons (if (even? i) "(x*x)+" "-x*") parts)))))

(define (catalan n)
  (let loop ((i 0) (number 1))
    (if (= i n)
        number
        (loop (+ i 1) (quotient (* number 2 (+ i i 1)) (+ i 2))))))

(define (main operators)
  (let* ((text (plain operators))
         (trees (ambiguity any-grouping text))
         (grouped (ambiguity any-grouping (in-groups operators)))
         (single (ambiguity with-precedence text))
         (none (ambiguity with-precedence (string-append text "+"))))
    (for-each display
              (list "catalan=" (if (= trees (catalan operators)) "yes" "no")
                    " grouped=" (modulo grouped 1000000007)
                    " single=" single
                    " none=" none
                    " items=" item-count
                    " ways=" way-count))
    (newline)))

(apply main (map string->number (cdr (command-line))))
