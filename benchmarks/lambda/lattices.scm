;;; Maps between lattices that keep their order, and lattices of such maps: a
;;; power of two lattices has all maps from one to the other, and a map is below
;;; another if it is so everywhere.
;;;
;;;   lattices DIMENSION CUBE STEPS
;;;
;;; counts the maps from a cube of the one dimension to one of the other, of how
;;; many of them nothing is lost when the greatest lower bound or the least upper
;;; bound is taken, and builds a tower of powers of a chain of so many steps.
(import (scheme base) (scheme write) (scheme process-context))

;; The elements come in an order in which none comes before one below it.
(define-record-type lattice
  (make-lattice elements below? join meet)
  lattice?
  (elements lattice-elements)
  (below? lattice-below?)
  (join lattice-join)
  (meet lattice-meet))

(define (numbers-below n)
  (let loop ((i (- n 1)) (all '()))
    (if (< i 0) all (loop (- i 1) (cons i all)))))

;; The lists that `f` makes of the items, as one.
(define (append-map f items)
  (let loop ((rest (reverse items)) (all '()))
    (if (null? rest)
        all
        (loop (cdr rest) (append (f (car rest)) all)))))

(define (chain length)
  (make-lattice (numbers-below length) <= max min))

(define (product a b)
  (define (by-parts of-a of-b)
    (lambda (x y)
      (cons (of-a (car x) (car y)) (of-b (cdr x) (cdr y)))))
  (let ((a-below? (lattice-below? a)) (b-below? (lattice-below? b)))
    (make-lattice
     (append-map (lambda (x)
                   (map (lambda (y) (cons x y)) (lattice-elements b)))
                 (lattice-elements a))
     (lambda (x y)
       (and (a-below? (car x) (car y)) (b-below? (cdr x) (cdr y))))
     (by-parts (lattice-join a) (lattice-join b))
     (by-parts (lattice-meet a) (lattice-meet b)))))

(define (cube dimension)
  (if (= dimension 1)
      (chain 2)
      (product (chain 2) (cube (- dimension 1)))))

(define (dual lattice)
  (let ((below? (lattice-below? lattice)))
    (make-lattice (reverse (lattice-elements lattice))
                  (lambda (x y) (below? y x))
                  (lattice-meet lattice)
                  (lattice-join lattice))))

;;; Maps. A map is the list of the elements that those of its domain go to, the
;;; last first, so that maps share what they say of the first elements.

(define (keep wanted? items)
  (let loop ((items items) (kept '()))
    (cond ((null? items) (reverse kept))
          ((wanted? (car items)) (loop (cdr items) (cons (car items) kept)))
          (else (loop (cdr items) kept)))))

;; Whether the image may go before those of the elements before this one.
;; `under` tells of each of them, the last first, whether it is below this one.
(define (fits? image images under below?)
  (or (null? images)
      (and (or (not (car under)) (below? (car images) image))
           (fits? image (cdr images) (cdr under) below?))))

;; An element that is above another comes later: so maps come sorted too, those
;; that are below others first.
(define (monotone-maps from to)
  (let ((from-below? (lattice-below? from))
        (to-below? (lattice-below? to)))
    (let loop ((before '()) (rest (lattice-elements from)) (maps '(())))
      (if (null? rest)
          maps
          (let* ((element (car rest))
                 (under (map (lambda (one) (from-below? one element)) before)))
            (loop (cons element before)
                  (cdr rest)
                  (append-map
                   (lambda (images)
                     (map (lambda (image) (cons image images))
                          (keep (lambda (image)
                                  (fits? image images under to-below?))
                                (lattice-elements to))))
                   maps)))))))

(define (all? holds? as bs)
  (or (null? as)
      (and (holds? (car as) (car bs)) (all? holds? (cdr as) (cdr bs)))))

(define (power to from)
  (define (everywhere f) (lambda (a b) (map f a b)))
  (make-lattice (monotone-maps from to)
                (lambda (a b) (all? (lattice-below? to) a b))
                (everywhere (lattice-join to))
                (everywhere (lattice-meet to))))

(define (image element elements images)
  (if (equal? element (car elements))
      (car images)
      (image element (cdr elements) (cdr images))))

;; Whether the image of a bound is the bound of the images.
(define (keeps? from to bound-of images)
  (let* ((elements (reverse (lattice-elements from)))
         (bound (bound-of from))
         (bound-of-images (bound-of to)))
    (let outer ((as elements) (a-images images))
      (or (null? as)
          (and (let inner ((bs (cdr as)) (b-images (cdr a-images)))
                 (or (null? bs)
                     (and (equal? (image (bound (car as) (car bs))
                                         elements
                                         images)
                                  (bound-of-images (car a-images)
                                                   (car b-images)))
                          (inner (cdr bs) (cdr b-images)))))
               (outer (cdr as) (cdr a-images)))))))

;; How many pairs of elements of the lattice are one below the other.
(define (comparable-pairs lattice)
  (let ((elements (lattice-elements lattice)) (below? (lattice-below? lattice)))
    (apply +
           (map (lambda (a)
                  (length (keep (lambda (b) (below? a b)) elements)))
                elements))))

(define (main dimension cube-dimension steps)
  (let* ((from (cube dimension))
         (to (cube cube-dimension))
         (maps (monotone-maps from to))
         (dual-maps (monotone-maps from (dual to)))
         (joins (keep (lambda (map) (keeps? from to lattice-join map)) maps))
         (both (keep (lambda (map) (keeps? from to lattice-meet map)) joins))
         (chain (chain steps))
         (powers (power chain chain))
         (tower (power chain powers)))
    (for-each display
              (list "maps=" (length maps)
                    " dual=" (length dual-maps)
                    " joins=" (length joins)
                    " both=" (length both)
                    " powers=" (length (lattice-elements powers))
                    " tower=" (length (lattice-elements tower))
                    " comparable=" (comparable-pairs tower)))
    (newline)))

(apply main (map string->number (cdr (command-line))))
