;;; A Scheme interpreter. It looks at each expression anew whenever it evaluates
;;; it, and is written so that what is interpreted holds its own continuation:
;;; a step returns to a loop, which takes the next one, and so programs may
;;; recurse as deeply as there is memory and capture where they are.
;;;
;;;   interpreter QUEENS ITEMS
;;;
;;; runs programs in it: so many queens are placed, and trees compared and lists
;;; sorted of so many items. One of the programs is an interpreter again.
(import (scheme base) (scheme cxr) (scheme write) (scheme process-context))

;;; Values of the interpreted language are those of Scheme, but for procedures.

(define-record-type closure
  (make-closure parameters body environment)
  closure?
  (parameters closure-parameters)
  (body closure-body)
  (environment closure-environment))

(define-record-type primitive
  (make-primitive procedure)
  primitive?
  (procedure primitive-procedure))

(define-record-type continuation
  (make-continuation frames)
  continuation?
  (frames continuation-frames))

;;; An environment is a list of ribs, the innermost first, each a pair of a list
;;; of names and one of values. A definition adds to the innermost.

;; The pair whose car is the variable's value.
(define (find-variable name environment)
  (if (null? environment)
      (error "no such variable" name)
      (let ((rib (car environment)))
        (let loop ((names (car rib)) (values (cdr rib)))
          (cond ((null? names) (find-variable name (cdr environment)))
                ((eq? (car names) name) values)
                (else (loop (cdr names) (cdr values))))))))

(define (define-variable! name value environment)
  (let ((rib (car environment)))
    (set-car! rib (cons name (car rib)))
    (set-cdr! rib (cons value (cdr rib)))))

(define (extend names values environment)
  (cons (cons names values) environment))

;;; Frames are the continuation: a list of procedures that take the value of what
;;; was evaluated and the frames below. `steps` counts what was evaluated.

(define steps 0)

(define (continue value frames)
  ((car frames) value (cdr frames)))

(define (evaluate expression environment frames)
  (set! steps (+ steps 1))
  (cond ((symbol? expression)
         (continue (car (find-variable expression environment)) frames))
        ((not (pair? expression)) (continue expression frames))
        (else
         (case (car expression)
           ((quote) (continue (cadr expression) frames))
           ((if)
            (evaluate (cadr expression)
                      environment
                      (cons (lambda (value frames)
                              (evaluate (if value
                                            (caddr expression)
                                            (cadddr expression))
                                        environment
                                        frames))
                            frames)))
           ((lambda)
            (continue (make-closure (cadr expression)
                                    (cddr expression)
                                    environment)
                      frames))
           ((define)
            (evaluate (caddr expression)
                      environment
                      (cons (lambda (value frames)
                              (define-variable! (cadr expression)
                                                value
                                                environment)
                              (continue value frames))
                            frames)))
           ((set!)
            (evaluate (caddr expression)
                      environment
                      (cons (lambda (value frames)
                              (set-car! (find-variable (cadr expression)
                                                       environment)
                                        value)
                              (continue value frames))
                            frames)))
           ((begin)
            (evaluate-sequence (cdr expression) environment frames))
           ((let cond and or)
            (evaluate (expand expression) environment frames))
           (else
            (evaluate-call expression '() environment frames))))))

(define (evaluate-sequence expressions environment frames)
  (if (null? (cdr expressions))
      (evaluate (car expressions) environment frames)
      (evaluate (car expressions)
                environment
                (cons (lambda (value frames)
                        (evaluate-sequence (cdr expressions)
                                           environment
                                           frames))
                      frames))))

;; Operands first, the operator with them: `done` are their values, the last
;; first.
(define (evaluate-call rest done environment frames)
  (if (null? rest)
      (let ((values (reverse done)))
        (call (car values) (cdr values) frames))
      (evaluate (car rest)
                environment
                (cons (lambda (value frames)
                        (evaluate-call (cdr rest)
                                       (cons value done)
                                       environment
                                       frames))
                      frames))))

(define (call procedure arguments frames)
  (cond ((closure? procedure)
         (evaluate-sequence (closure-body procedure)
                            (extend (closure-parameters procedure)
                                    arguments
                                    (closure-environment procedure))
                            frames))
        ((primitive? procedure)
         (continue (apply (primitive-procedure procedure) arguments) frames))
        ((continuation? procedure)
         (continue (car arguments) (continuation-frames procedure)))
        ((eq? procedure 'call/cc)
         (call (car arguments) (list (make-continuation frames)) frames))
        (else (error "no procedure" procedure))))

;;; Forms that stand for others.

(define (expand expression)
  (case (car expression)
    ((let) (if (symbol? (cadr expression))
               (expand-loop (cadr expression)
                            (caddr expression)
                            (cdddr expression))
               (cons (cons 'lambda
                           (cons (map car (cadr expression)) (cddr expression)))
                     (map cadr (cadr expression)))))
    ((cond) (expand-cond (cdr expression)))
    ((and) (cond ((null? (cdr expression)) #t)
                 ((null? (cddr expression)) (cadr expression))
                 (else (list 'if
                             (cadr expression)
                             (cons 'and (cddr expression))
                             #f))))
    (else (cond ((null? (cdr expression)) #f)
                ((null? (cddr expression)) (cadr expression))
                (else (list (list 'lambda
                                  '(it rest)
                                  '(if it it (rest)))
                            (cadr expression)
                            (list 'lambda
                                  '()
                                  (cons 'or (cddr expression)))))))))

;; ((lambda () (define name (lambda ...)) (name initial ...)))
(define (expand-loop name bindings body)
  (list (list 'lambda
              '()
              (list 'define name (cons 'lambda (cons (map car bindings) body)))
              (cons name (map cadr bindings)))))

(define (expand-cond clauses)
  (cond ((null? clauses) #f)
        ((eq? (caar clauses) 'else) (cons 'begin (cdar clauses)))
        (else (list 'if
                    (caar clauses)
                    (cons 'begin (cdar clauses))
                    (cons 'cond (cdr clauses))))))

;;; Whole programs.

(define library
  (list (cons 'car car) (cons 'cdr cdr) (cons 'cons cons)
        (cons 'cadr cadr) (cons 'caddr caddr) (cons 'null? null?)
        (cons 'pair? pair?) (cons 'symbol? symbol?) (cons 'number? number?)
        (cons 'eq? eq?) (cons 'not not) (cons 'list list)
        (cons 'set-car! set-car!) (cons 'set-cdr! set-cdr!)
        (cons '+ +) (cons '- -) (cons '* *) (cons '= =) (cons '< <)
        (cons 'quotient quotient) (cons 'remainder remainder)
        (cons 'append append) (cons 'length length)))

(define (initial-environment)
  (list (cons (cons 'call/cc (map car library))
              (cons 'call/cc
                    (map (lambda (entry) (make-primitive (cdr entry)))
                         library)))))

(define (run program size)
  (let ((environment (initial-environment)))
    (define-variable! 'size size environment)
    (evaluate-sequence program
                      environment
                      (list (lambda (value frames) value)))))

;;; Programs.

(define queens
  '((define range
      (lambda (from to)
        (if (< to from) '() (cons from (range (+ from 1) to)))))
    (define safe?
      (lambda (queen distance placed)
        (or (null? placed)
            (and (not (= (car placed) queen))
                 (not (= (car placed) (+ queen distance)))
                 (not (= (car placed) (- queen distance)))
                 (safe? queen (+ distance 1) (cdr placed))))))
    (define rows (range 1 size))
    (define count
      (lambda (left placed)
        (if (= left 0)
            1
            (let next ((rows rows) (sum 0))
              (cond ((null? rows) sum)
                    ((safe? (car rows) 1 placed)
                     (next (cdr rows)
                           (+ sum (count (- left 1) (cons (car rows) placed)))))
                    (else (next (cdr rows) sum)))))))
    (count size '())))

;; Leaves of two trees compared one by one, each walk left and entered again
;; by its continuation.
(define same-fringe
  '((define tree
      (lambda (from to)
        (if (= from to)
            from
            (let ((middle (quotient (+ from to) 2)))
              (cons (tree from middle) (tree (+ middle 1) to))))))
    (define comb
      (lambda (from to)
        (if (= from to) from (cons from (comb (+ from 1) to)))))
    (define leaves
      (lambda (tree)
        (let ((return #f))
          (define walk
            (lambda (tree)
              (if (pair? tree)
                  (begin (walk (car tree)) (walk (cdr tree)))
                  (call/cc (lambda (rest)
                             (set! resume rest)
                             (return tree))))))
          (define resume
            (lambda (any)
              (walk tree)
              (return 'end)))
          (lambda ()
            (call/cc (lambda (here)
                       (set! return here)
                       (resume 'go)))))))
    (let ((a (leaves (tree 1 size))) (b (leaves (comb 1 size))))
      (let next ((count 0))
        (let ((leaf (a)))
          (cond ((not (eq? leaf (b))) 'different)
                ((eq? leaf 'end) count)
                (else (next (+ count 1)))))))))

;; An interpreter in the interpreter, of numbers, functions of one argument and
;; `ifzero`. It computes a Fibonacci number.
(define another-interpreter
  '((define lookup
      (lambda (name environment)
        (if (eq? (car (car environment)) name)
            (cdr (car environment))
            (lookup name (cdr environment)))))
    (define value-of
      (lambda (expression environment)
        (cond ((number? expression) expression)
              ((symbol? expression) (lookup expression environment))
              ((eq? (car expression) 'fun)
               (list 'closure expression environment))
              ((eq? (car expression) 'ifzero)
               (if (= (value-of (cadr expression) environment) 0)
                   (value-of (caddr expression) environment)
                   (value-of (cadr (cdr (cdr expression))) environment)))
              ((eq? (car expression) 'plus)
               (+ (value-of (cadr expression) environment)
                  (value-of (caddr expression) environment)))
              (else
               (invoke (value-of (car expression) environment)
                       (value-of (cadr expression) environment))))))
    (define invoke
      (lambda (closure argument)
        (let ((function (cadr closure)))
          (value-of (caddr function)
                    (cons (cons (cadr function) argument)
                          (caddr closure))))))
    (define fibonacci
      '(fun self (fun n
         (ifzero n 0
           (ifzero (plus n -1) 1
             (plus ((self self) (plus n -1))
                   ((self self) (plus n -2))))))))
    (value-of (list (list fibonacci fibonacci) (quotient (* 3 size) 2)) '())))

;; A list sorted by merging, by recursion as deep as it is long.
(define sorting
  '((define numbers
      (lambda (count seed)
        (if (= count 0)
            '()
            (cons seed
                  (numbers (- count 1)
                           (remainder (+ (* seed 1103) 12345) 65536))))))
    (define merge
      (lambda (a b)
        (cond ((null? a) b)
              ((null? b) a)
              ((< (car b) (car a)) (cons (car b) (merge a (cdr b))))
              (else (cons (car a) (merge (cdr a) b))))))
    (define split
      (lambda (items a b)
        (if (null? items)
            (list a b)
            (split (cdr items) (cons (car items) b) a))))
    (define sort
      (lambda (items)
        (if (or (null? items) (null? (cdr items)))
            items
            (let ((halves (split items '() '())))
              (merge (sort (car halves)) (sort (cadr halves)))))))
    (define weigh
      (lambda (items place sum)
        (if (null? items)
            sum
            (weigh (cdr items)
                   (+ place 1)
                   (remainder (+ sum (* place (car items))) 1000003)))))
    (weigh (sort (numbers size 1)) 1 0)))

(define (main queens-placed items)
  (let* ((queens (run queens queens-placed))
         (fibonacci (run another-interpreter queens-placed))
         (leaves (run same-fringe items))
         (sorted (run sorting items)))
    (for-each display
              (list "queens=" queens
                    " fibonacci=" fibonacci
                    " leaves=" leaves
                    " sorted=" sorted
                    " steps=" steps))
    (newline)))

(apply main (map string->number (cdr (command-line))))
