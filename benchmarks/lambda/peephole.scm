;;; A compiler for a machine with a stack, whose code a peephole optimizer makes
;;; shorter by rules, until none applies; and the machine, to see that the code
;;; still does the same.
;;;
;;;   peephole PROGRAMS SIZE
;;;
;;; compiles so many random programs of so many statements.
(import (scheme base) (scheme cxr) (scheme write) (scheme process-context))

;;; Random programs. A statement is (set variable expression), (repeat count
;;; statement ...) or (unless expression statement ...); an expression is a
;;; number, a variable, (- expression) or (operator expression expression).

(define seed 1)

(define (random below)
  (set! seed (modulo (+ (* seed 16807) 11) 2147483647))
  (modulo (quotient seed 64) below))

(define variables '(a b c d e f))

(define (choose items)
  (list-ref items (random (length items))))

(define (random-expression depth)
  (case (if (= depth 0) (random 2) (+ 1 (random 8)))
    ((0) (random 4))
    ((1) (choose variables))
    ((2) (list '- (random-expression (- depth 1))))
    (else
     (let* ((left (random-expression (- depth 1)))
            (right (random-expression (- depth 1))))
       (list (choose '(+ - *)) left right)))))

(define (random-statements count depth)
  (if (= count 0)
      '()
      (let ((first (random-statement depth)))
        (cons first (random-statements (- count 1) depth)))))

(define (random-statement depth)
  (case (if (= depth 0) 0 (random 6))
    ((1)
     (let ((count (random 3)))
       (cons 'repeat (cons count (random-statements 3 (- depth 1))))))
    ((2)
     (let ((test (random-expression 1)))
       (cons 'unless (cons test (random-statements 2 (- depth 1))))))
    (else
     (let ((variable (choose variables)))
       (list 'set variable (random-expression 3))))))

;;; The compiler. Code is a list of instructions: (push number), (load variable),
;;; (store variable), (add), (subtract), (multiply), (negate), (duplicate),
;;; (drop), (label number), (jump label), (jump-if-zero label); and what only the
;;; optimizer makes, (jump-unless-zero label).

(define labels 0)

(define (new-label)
  (set! labels (+ labels 1))
  labels)

(define (compile-expression expression rest)
  (cond ((number? expression) (cons (list 'push expression) rest))
        ((symbol? expression) (cons (list 'load expression) rest))
        ((null? (cddr expression))
         (compile-expression (cadr expression) (cons '(negate) rest)))
        (else
         (compile-expression
          (cadr expression)
          (compile-expression
           (caddr expression)
           (cons (case (car expression)
                   ((+) '(add))
                   ((-) '(subtract))
                   (else '(multiply)))
                 rest))))))

(define (compile-statements statements rest)
  (if (null? statements)
      rest
      (compile-statement (car statements)
                         (compile-statements (cdr statements) rest))))

(define (compile-statement statement rest)
  (case (car statement)
    ((set)
     (compile-expression (caddr statement)
                         (cons (list 'store (cadr statement)) rest)))
    ((repeat)
     ;; The number of rounds that are left stays on the stack.
     (let* ((top (new-label)) (end (new-label)))
       (cons (list 'push (cadr statement))
             (cons (list 'label top)
                   (cons '(duplicate)
                         (cons (list 'jump-if-zero end)
                               (compile-statements
                                (cddr statement)
                                (append (list '(push 1)
                                              '(subtract)
                                              (list 'jump top)
                                              (list 'label end)
                                              '(drop))
                                        rest))))))))
    (else
     (let* ((then (new-label)) (end (new-label)))
       (compile-expression
        (cadr statement)
        (append (list (list 'jump-if-zero then)
                      (list 'jump end)
                      (list 'label then))
                (compile-statements (cddr statement)
                                    (cons (list 'label end) rest))))))))

;;; Rules: instructions that follow each other, and what does the same. What is
;;; written (? name) stands for any operand, the same one everywhere; an operand
;;; (name a b) is computed.

(define rules
  '((((push (? x)) (push (? y)) (add)) ((push (sum x y))))
    (((push (? x)) (push (? y)) (subtract)) ((push (difference x y))))
    (((push (? x)) (push (? y)) (multiply)) ((push (product x y))))
    (((push (? x)) (negate)) ((push (difference 0 x))))
    (((push (? x)) (drop)) ())
    (((push (? x)) (load (? v)) (add)) ((load v) (push x) (add)))
    (((push (? x)) (load (? v)) (multiply)) ((load v) (push x) (multiply)))
    (((push 0) (add)) ())
    (((push 0) (subtract)) ())
    (((push 1) (multiply)) ())
    (((push 2) (multiply)) ((duplicate) (add)))
    (((load (? v)) (push 0) (multiply)) ((push 0)))
    (((push (? x)) (add) (push (? y)) (add)) ((push (sum x y)) (add)))
    (((push (? x)) (subtract)) ((push (difference 0 x)) (add)))
    (((push (? x)) (multiply) (push (? y)) (multiply))
     ((push (product x y)) (multiply)))
    (((load (? v)) (load (? v)) (subtract)) ((push 0)))
    (((load (? v)) (load (? v))) ((load v) (duplicate)))
    (((load (? v)) (drop)) ())
    (((load (? v)) (store (? v))) ())
    (((store (? v)) (load (? v))) ((duplicate) (store v)))
    (((duplicate) (drop)) ())
    (((duplicate) (subtract)) ((drop) (push 0)))
    (((negate) (negate)) ())
    (((negate) (add)) ((subtract)))
    (((negate) (subtract)) ((add)))
    (((jump (? l)) (label (? l))) ((label l)))
    (((push 0) (jump-if-zero (? l))) ((jump l)))
    (((jump-if-zero (? l)) (jump (? m)) (label (? l)))
     ((jump-unless-zero m) (label l)))))

(define (operand-named name bindings)
  (if (symbol? name)
      (let ((entry (assq name bindings))) (if entry (cdr entry) name))
      name))

(define (operand template bindings)
  (if (pair? template)
      (let ((x (operand-named (cadr template) bindings))
            (y (operand-named (caddr template) bindings)))
        (case (car template)
          ((sum) (+ x y))
          ((difference) (- x y))
          (else (* x y))))
      (operand-named template bindings)))

;; Names of variables of the program are no names of operands.
(define (match-operand pattern value bindings)
  (cond ((not (pair? pattern)) (and (eqv? pattern value) bindings))
        ((assq (cadr pattern) bindings)
         => (lambda (entry) (and (eqv? (cdr entry) value) bindings)))
        (else (cons (cons (cadr pattern) value) bindings))))

(define (match-instruction pattern instruction bindings)
  (and (eq? (car pattern) (car instruction))
       (if (null? (cdr pattern))
           bindings
           (match-operand (cadr pattern) (cadr instruction) bindings))))

(define (match-code patterns code bindings)
  (cond ((or (not bindings) (null? patterns)) bindings)
        ((null? code) #f)
        (else
         (match-code (cdr patterns)
                     (cdr code)
                     (match-instruction (car patterns) (car code) bindings)))))

(define rules-applied 0)

;; The code with the first rule applied that can be, or false.
(define (improve code)
  (let loop ((rules rules))
    (if (null? rules)
        #f
        (let ((bindings (match-code (caar rules) code '())))
          (if bindings
              (append (map (lambda (instruction)
                             (if (null? (cdr instruction))
                                 instruction
                                 (list (car instruction)
                                       (operand (cadr instruction) bindings))))
                           (cadar rules))
                      (list-tail code (length (caar rules))))
              (loop (cdr rules)))))))

;; Goes over the code from its end: what is behind an instruction has been
;; improved, and may be improved further with it.
(define (optimize code)
  (let loop ((todo (reverse code)) (done '()))
    (if (null? todo)
        done
        (let improving ((code (cons (car todo) done)) (left 20))
          (let ((better (and (> left 0) (improve code))))
            (cond (better
                   (set! rules-applied (+ rules-applied 1))
                   (improving better (- left 1)))
                  (else (loop (cdr todo) code))))))))

(define (optimize-fully code)
  (let* ((before rules-applied) (better (optimize code)))
    (if (= before rules-applied) better (optimize-fully better))))

;;; The machine.

(define modulus 1000003)
(define steps 0)

(define (find-labels code)
  (let loop ((code code) (found '()))
    (cond ((null? code) found)
          ((eq? (caar code) 'label)
           (loop (cdr code) (cons (cons (cadar code) code) found)))
          (else (loop (cdr code) found)))))

(define (run code)
  (define labels (find-labels code))
  (define memory (map (lambda (variable) (cons variable 1)) variables))
  (define (reduce number) (modulo number modulus))
  (define (target instruction)
    (cdr (assv (cadr instruction) labels)))
  (let loop ((code code) (stack '()))
    (if (pair? code)
        (let ((instruction (car code)) (next (cdr code)))
          (define (combine f)
            (loop next (cons (reduce (f (cadr stack) (car stack))) (cddr stack))))
          (set! steps (+ steps 1))
          (case (car instruction)
            ((push) (loop next (cons (reduce (cadr instruction)) stack)))
            ((load)
             (loop next (cons (cdr (assq (cadr instruction) memory)) stack)))
            ((store)
             (set-cdr! (assq (cadr instruction) memory) (car stack))
             (loop next (cdr stack)))
            ((add) (combine +))
            ((subtract) (combine -))
            ((multiply) (combine *))
            ((negate) (loop next (cons (reduce (- (car stack))) (cdr stack))))
            ((duplicate) (loop next (cons (car stack) stack)))
            ((drop) (loop next (cdr stack)))
            ((label) (loop next stack))
            ((jump) (loop (target instruction) stack))
            ((jump-if-zero)
             (loop (if (= (car stack) 0) (target instruction) next)
                   (cdr stack)))
            ((jump-unless-zero)
             (loop (if (= (car stack) 0) next (target instruction))
                   (cdr stack)))))
        (map cdr memory))))

(define (main programs size)
  (let loop ((i 0) (before 0) (after 0) (same 0) (sum 0))
    (if (< i programs)
        (let* ((code (compile-statements (random-statements size 3) '()))
               (better (optimize-fully code))
               (result (run code)))
          (loop (+ i 1)
                (+ before (length code))
                (+ after (length better))
                (+ same (if (equal? result (run better)) 1 0))
                (modulo (+ (* 31 sum) (apply + result)) modulus)))
        (begin
          (for-each display
                    (list "same=" same
                          " instructions=" before
                          " better=" after
                          " rules=" rules-applied
                          " steps=" steps
                          " sum=" sum))
          (newline)))))

(apply main (map string->number (cdr (command-line))))
