;; gcbench, as in tools/fledge/workloads/gcbench.cc.
;; Usage: scheme --program gcbench.so DEPTH DOUBLES
(import (chezscheme))

(define least-depth 4)

;; The two integers do nothing but take room, as in the original.
(define-record-type node
  (fields (mutable left) (mutable right) (mutable i) (mutable j))
  (sealed #t)
  (nongenerative))

(define (make-leaf) (make-node #f #f 0 0))

(define (nodes-of-depth depth) (fx- (fxsll 2 depth) 1))

;; Gives the node children down to depth levels below it: top down.
(define (populate! depth node)
  (unless (fx= depth 0)
    (node-left-set! node (make-leaf))
    (node-right-set! node (make-leaf))
    (populate! (fx- depth 1) (node-left node))
    (populate! (fx- depth 1) (node-right node))))

;; A tree made of its subtrees: bottom up.
(define (make-tree depth)
  (if (fx= depth 0)
      (make-leaf)
      (let* ([left (make-tree (fx- depth 1))]
             [right (make-tree (fx- depth 1))])
        (make-node left right 0 0))))

(define (has-children? node)
  (and (node-left node) (node-right node) #t))

;; How many of the trees that make-one returns have children.
(define (count-whole trees make-one)
  (do ([i 0 (fx+ i 1)]
       [whole 0 (if (has-children? (make-one)) (fx+ whole 1) whole)])
      ((fx= i trees) whole)))

;; This version has no vectors of doubles; bytes are what comes closest.
(define (double-at bytes i)
  (bytevector-ieee-double-native-ref bytes (fx* i 8)))

(define (make-reciprocals doubles)
  (let ([bytes (make-bytevector (fx* doubles 8) 0)])
    (do ([i 1 (fx+ i 1)])
        ((fx= i (fxquotient doubles 2)) bytes)
      (bytevector-ieee-double-native-set!
       bytes (fx* i 8) (fl/ 1.0 (fixnum->flonum i))))))

(let* ([arguments (map string->number (command-line-arguments))]
       [long-lived-depth (car arguments)]
       [doubles (cadr arguments)]
       [stretch-depth (+ long-lived-depth 2)]
       [stretch-whole
        (count-whole 1 (lambda () (make-tree stretch-depth)))]
       [long-lived (make-leaf)])
  (populate! long-lived-depth long-lived)
  (let ([array (make-reciprocals doubles)]
        [last (- (quotient doubles 2) 1)])
    (let loop ([depth least-depth] [whole stretch-whole])
      (if (<= depth long-lived-depth)
          (let ([trees (quotient (* 2 (nodes-of-depth stretch-depth))
                                 (nodes-of-depth depth))])
            (loop (+ depth 2)
                  (+ whole
                     (count-whole trees
                                  (lambda ()
                                    (let ([tree (make-leaf)])
                                      (populate! depth tree)
                                      tree)))
                     (count-whole trees (lambda () (make-tree depth))))))
          (begin
            (unless (and (has-children? long-lived)
                         (= (double-at array last) (/ 1.0 last)))
              (exit 1))
            (printf "whole=~a\n" whole))))))
