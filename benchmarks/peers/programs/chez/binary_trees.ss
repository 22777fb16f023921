;; binary-trees, as in tools/fledge/workloads/binary_trees.cc.
;; Usage: scheme --program binary_trees.so DEPTH
(import (chezscheme))

(define least-depth 4)

(define (make-tree depth)
  (if (fx= depth 0)
      (cons '() '())
      (let* ([left (make-tree (fx- depth 1))]
             [right (make-tree (fx- depth 1))])
        (cons left right))))

(define (count-nodes node)
  (if (null? (car node))
      1
      (fx+ 1 (fx+ (count-nodes (car node)) (count-nodes (cdr node))))))

(define (count-nodes-of-trees trees depth)
  (do ([i 0 (fx+ i 1)]
       [nodes 0 (fx+ nodes (count-nodes (make-tree depth)))])
      ((fx= i trees) nodes)))

(let ([largest (max (string->number (car (command-line-arguments)))
                    (+ least-depth 2))])
  (printf "checks=~a" (count-nodes-of-trees 1 (+ largest 1)))
  (let ([long-lived (make-tree largest)])
    (do ([depth least-depth (+ depth 2)])
        ((> depth largest))
      (let ([trees (fxsll 1 (+ (- largest depth) least-depth))])
        (printf ",~a" (count-nodes-of-trees trees depth))))
    (printf ",~a\n" (count-nodes long-lived))))
