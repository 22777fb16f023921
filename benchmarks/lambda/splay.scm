;;; A splay tree of records: whatever is looked for comes to the root, by
;;; rotations on the way, so that each operation writes into old nodes. What
;;; hangs on the nodes is a small tree of fresh objects each.
;;;
;;;   splay NODES OPERATIONS
;;;
;;; fills a tree with so many nodes and then, so many times, takes one out, puts
;;; one in and looks for some.
(import (scheme base) (scheme write) (scheme process-context))

(define-record-type node
  (make-node key payload left right)
  node?
  (key node-key)
  (payload node-payload set-node-payload!)
  (left node-left set-node-left!)
  (right node-right set-node-right!))

;; The tree under `root`, with the node of the key for its root, or if there is
;; none the last one on the way to it. Nodes that are less than the key, and
;; those that are greater, are gathered in two trees on the way down, which
;; become the children of the one found [Sleator and Tarjan, 1985].
(define (splay root key)
  (let ((header (make-node #f #f #f #f)))
    (define (assemble node last-less last-more)
      (set-node-right! last-less (node-left node))
      (set-node-left! last-more (node-right node))
      (set-node-left! node (node-right header))
      (set-node-right! node (node-left header))
      node)
    (let loop ((node root) (last-less header) (last-more header))
      (cond ((< key (node-key node))
             (let ((child (node-left node)))
               (cond ((not child) (assemble node last-less last-more))
                     ((and (< key (node-key child)) (node-left child))
                      (let ((next (node-left child)))
                        (set-node-left! node (node-right child))
                        (set-node-right! child node)
                        (set-node-left! last-more child)
                        (loop next last-less child)))
                     (else
                      (set-node-left! last-more node)
                      (loop child last-less node)))))
            ((< (node-key node) key)
             (let ((child (node-right node)))
               (cond ((not child) (assemble node last-less last-more))
                     ((and (< (node-key child) key) (node-right child))
                      (let ((next (node-right child)))
                        (set-node-right! node (node-left child))
                        (set-node-left! child node)
                        (set-node-right! last-less child)
                        (loop next child last-more)))
                     (else
                      (set-node-right! last-less node)
                      (loop child node last-more)))))
            (else (assemble node last-less last-more))))))

;;; All of these take a tree, or false for an empty one, and give one.

(define (insert tree key payload)
  (if (not tree)
      (make-node key payload #f #f)
      (let ((root (splay tree key)))
        (cond ((< key (node-key root))
               (let ((new (make-node key payload (node-left root) root)))
                 (set-node-left! root #f)
                 new))
              ((< (node-key root) key)
               (let ((new (make-node key payload root (node-right root))))
                 (set-node-right! root #f)
                 new))
              (else
               (set-node-payload! root payload)
               root)))))

;; Without its root.
(define (remove-root tree)
  (let ((left (node-left tree)) (right (node-right tree)))
    (if (not left)
        right
        ;; All keys on the left are less: the greatest comes up, which has
        ;; nothing on its right.
        (let ((root (splay left (node-key tree))))
          (set-node-right! root right)
          root))))

(define (fold-tree f initial tree)
  (if (not tree)
      initial
      (fold-tree f
                 (f (node-key tree)
                    (node-payload tree)
                    (fold-tree f initial (node-left tree)))
                 (node-right tree))))

;;; Payloads.

(define (make-payload depth key)
  (if (= depth 0)
      (vector key (+ key 1) (number->string key))
      (cons (make-payload (- depth 1) key)
            (make-payload (- depth 1) (+ key depth)))))

(define (payload-weight payload)
  (if (pair? payload)
      (+ (payload-weight (car payload)) (payload-weight (cdr payload)))
      (+ (vector-ref payload 0)
         (vector-ref payload 1)
         (string-length (vector-ref payload 2)))))

(define seed 3)

(define (random below)
  (set! seed (modulo (+ (* seed 16807) 7) 2147483647))
  (modulo (quotient seed 16) below))

(define key-bound 10000000)
(define payload-depth 3)

;; A node more, whose key was not there.
(define (insert-new tree)
  (let* ((key (random key-bound)) (root (and tree (splay tree key))))
    (if (and root (= (node-key root) key))
        (insert-new root)
        (insert root key (make-payload payload-depth key)))))

(define (fill count)
  (let loop ((i 0) (tree #f))
    (if (= i count) tree (loop (+ i 1) (insert-new tree)))))

;; Takes out the node nearest to a random key.
(define (remove-any tree)
  (remove-root (splay tree (random key-bound))))

(define (ordered? tree)
  (let ((last -1) (ordered #t))
    (fold-tree (lambda (key payload ignored)
                 (if (<= key last) (set! ordered #f))
                 (set! last key))
               #f
               tree)
    ordered))

(define (main nodes operations)
  (let loop ((i 0) (tree (fill nodes)) (weight 0))
    (if (< i operations)
        (let* ((changed (insert-new (remove-any tree)))
               (near (splay changed (random key-bound)))
               (looked-up (splay near (random key-bound))))
          (loop (+ i 1)
                looked-up
                (modulo (+ weight (payload-weight (node-payload looked-up)))
                        1000000007)))
        (begin
          (for-each display
                    (list "ordered=" (if (ordered? tree) "yes" "no")
                          " nodes="
                          (fold-tree (lambda (key payload count) (+ count 1))
                                     0
                                     tree)
                          " weight=" weight
                          " keys="
                          (fold-tree (lambda (key payload sum)
                                       (modulo (+ (* 31 sum) key) 1000000007))
                                     0
                                     tree)))
          (newline)))))

(apply main (map string->number (cdr (command-line))))
