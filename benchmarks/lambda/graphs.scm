;;; The graphs of so many nodes, up to renaming. Each graph of a node more is one
;;; that is known with a node added, and the same graphs are told by their
;;; names: the least number that any order of their nodes spells.
;;;
;;;   graphs NODES DEGREE
;;;
;;; counts those in which no node has more neighbours than that, and of them those
;;; that are connected, those without a triangle, and those that are their own
;;; complement.
(import (scheme base) (scheme write) (scheme process-context))

;;; A graph is a vector that has for each node the list of its neighbours.

(define (adjacent? graph a b)
  (memv b (vector-ref graph a)))

(define (numbers-below n)
  (let loop ((i (- n 1)) (all '()))
    (if (< i 0) all (loop (- i 1) (cons i all)))))

(define (keep wanted? items)
  (cond ((null? items) '())
        ((wanted? (car items)) (cons (car items) (keep wanted? (cdr items))))
        (else (keep wanted? (cdr items)))))

(define (sum-of f items)
  (apply + (map f items)))

(define (with-node graph neighbours)
  (let ((new (vector-length graph)))
    (list->vector
     (append (map (lambda (node)
                    (if (memv node neighbours)
                        (cons new (vector-ref graph node))
                        (vector-ref graph node)))
                  (numbers-below new))
             (list neighbours)))))

(define (complement graph)
  (let ((nodes (numbers-below (vector-length graph))))
    (list->vector
     (map (lambda (a)
            (keep (lambda (b) (not (or (= a b) (adjacent? graph a b)))) nodes))
          nodes))))

;;; Names. A renaming would not map a node to one with other surroundings, so the
;;; nodes are sorted by those first, and only their orders within a class tried.

;; What all renamings keep: how many neighbours a node has, and they have, and
;; which edges are between them.
(define (surroundings graph node)
  (let* ((degree (lambda (node) (length (vector-ref graph node))))
         (neighbours (vector-ref graph node))
         (edges (sum-of (lambda (a)
                          (sum-of (lambda (b) (if (adjacent? graph a b) 1 0))
                                  neighbours))
                        neighbours)))
    (+ (* (degree node) 1000000)
       (* (sum-of (lambda (a) (square (degree a))) neighbours) 1000)
       edges)))

;; ((key node ...) ...) in the order of keys.
(define (insert key node classes)
  (cond ((or (null? classes) (< key (caar classes)))
         (cons (list key node) classes))
        ((= key (caar classes))
         (cons (cons key (cons node (cdar classes))) (cdr classes)))
        (else (cons (car classes) (insert key node (cdr classes))))))

(define (classes graph)
  (let loop ((nodes (numbers-below (vector-length graph))) (classes '()))
    (if (null? nodes)
        classes
        (loop (cdr nodes)
              (insert (surroundings graph (car nodes)) (car nodes) classes)))))

;; Calls `use` with every order of the items and the rest without the first.
(define (for-each-choice use items)
  (let loop ((before '()) (after items))
    (if (pair? after)
        (begin
          (use (car after) (append before (cdr after)))
          (loop (cons (car after) before) (cdr after))))))

;; The bits of the edges from the node to those that were placed, the latest
;; first, behind those of `name`.
(define (spell graph node placed name)
  (if (null? placed)
      name
      (spell graph
             node
             (cdr placed)
             (+ name name (if (adjacent? graph node (car placed)) 1 0)))))

;; The least name. Its bits come in the order in which nodes are placed, so that
;; a beginning that is greater than that of the least so far leads nowhere.
(define (least-name graph)
  (let* ((nodes (vector-length graph))
         (least (make-vector (+ nodes 1) #f)))

    ;; A new beginning makes what came behind the old one worth nothing.
    (define (improve! placed-count name)
      (vector-set! least placed-count name)
      (let loop ((i (+ placed-count 1)))
        (if (<= i nodes)
            (begin (vector-set! least i #f) (loop (+ i 1))))))

    (define (place! class others placed count name)
      (cond ((pair? class)
             (for-each-choice
              (lambda (node rest)
                (let* ((longer (spell graph node placed name))
                       (bound (vector-ref least (+ count 1))))
                  (if (or (not bound) (<= longer bound))
                      (begin
                        (if (or (not bound) (< longer bound))
                            (improve! (+ count 1) longer))
                        (place! rest
                                others
                                (cons node placed)
                                (+ count 1)
                                longer)))))
              class))
            ((pair? others)
             (place! (cdar others) (cdr others) placed count name))))

    (place! '() (classes graph) '() 0 0)
    (+ (* 100 (vector-ref least nodes)) nodes)))

;;; Sets of names, as trees of #(name less more).

(define (empty-set) '())

(define (member-of? name set)
  (and (vector? set)
       (or (= name (vector-ref set 0))
           (member-of? name
                       (vector-ref set (if (< name (vector-ref set 0)) 1 2))))))

(define (with-member name set)
  (if (vector? set)
      (let ((root (vector-ref set 0))
            (less (vector-ref set 1))
            (more (vector-ref set 2)))
        (if (< name root)
            (vector root (with-member name less) more)
            (vector root less (with-member name more))))
      (vector name '() '())))

;;; All of them.

(define (for-each-subset use items)
  (if (null? items)
      (use '())
      (for-each-subset
       (lambda (subset)
         (use subset)
         (use (cons (car items) subset)))
       (cdr items))))

;; Whether neither the node that is added nor one of its neighbours gets too many
;; of them.
(define (room? graph neighbours degree)
  (and (<= (length neighbours) degree)
       (let loop ((rest neighbours))
         (or (null? rest)
             (and (< (length (vector-ref graph (car rest))) degree)
                  (loop (cdr rest)))))))

;; Nodes of a graph have no fewer neighbours than those of what it was made of,
;; so that nothing is lost where there was no room.
(define (graphs-of nodes degree)
  (if (= nodes 0)
      (list (vector))
      (let ((names (empty-set)) (found '()))
        (for-each
         (lambda (smaller)
           (for-each-subset
            (lambda (neighbours)
              (if (room? smaller neighbours degree)
                  (let* ((graph (with-node smaller neighbours))
                         (name (least-name graph)))
                    (if (not (member-of? name names))
                        (begin
                          (set! names (with-member name names))
                          (set! found (cons graph found)))))))
            (numbers-below (- nodes 1))))
         (graphs-of (- nodes 1) degree))
        found)))

;;; What they are.

(define (connected? graph)
  (define (reach seen node)
    (if (memv node seen)
        seen
        (let loop ((seen (cons node seen)) (rest (vector-ref graph node)))
          (if (null? rest)
              seen
              (loop (reach seen (car rest)) (cdr rest))))))
  (= (length (reach '() 0)) (vector-length graph)))

(define (triangle-free? graph)
  (null?
   (keep (lambda (a)
           (let ((neighbours (vector-ref graph a)))
             (pair? (keep (lambda (b)
                            (pair? (keep (lambda (c) (adjacent? graph b c))
                                         neighbours)))
                          neighbours))))
         (numbers-below (vector-length graph)))))

(define (own-complement? graph)
  (= (least-name graph) (least-name (complement graph))))

(define (main nodes degree)
  (let* ((graphs (graphs-of nodes degree))
         (count (lambda (wanted?) (length (keep wanted? graphs)))))
    (for-each display
              (list "graphs=" (length graphs)
                    " connected=" (count connected?)
                    " triangle-free=" (count triangle-free?)
                    " own-complement=" (count own-complement?)))
    (newline)))

(apply main (map string->number (cdr (command-line))))
