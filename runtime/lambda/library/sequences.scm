; Sequences: the procedures of R7RS that call one for each item of a list,
; string or vector, and those that find by an equivalence of the program's.
;
; Results are gathered in front of a list that is reversed at the end: a
; procedure that returns twice finds the list as it was, and long lists take no
; stack.

(define-library (lambda sequences)
  (import (lambda core)
          (rename (lambda primitives) (assoc %assoc) (member %member))
          (lambda control))
  (export assoc for-each map member
          string-for-each string-map vector-for-each vector-map)
  (begin

  (define map
    (case-lambda
      ((procedure list)
       (let loop ((rest list) (results '()))
         (if (pair? rest)
             (loop (cdr rest) (cons (procedure (car rest)) results))
             (begin
               (%check-end 'map rest)
               (reverse results)))))
      ((procedure a b)
       (let loop ((a a) (b b) (results '()))
         (if (and (pair? a) (pair? b))
             (loop (cdr a) (cdr b) (cons (procedure (car a) (car b)) results))
             (reverse results))))
      ((procedure . lists)
       (let loop ((lists lists) (results '()))
         (if (%all-pairs? lists)
             (loop (map cdr lists)
                   (cons (apply procedure (map car lists)) results))
             (reverse results))))))

  (define for-each
    (case-lambda
      ((procedure list)
       (let loop ((rest list))
         (if (pair? rest)
             (begin
               (procedure (car rest))
               (loop (cdr rest)))
             (%check-end 'for-each rest))))
      ((procedure a b)
       (let loop ((a a) (b b))
         (if (and (pair? a) (pair? b))
             (begin
               (procedure (car a) (car b))
               (loop (cdr a) (cdr b))))))
      ((procedure . lists)
       (let loop ((lists lists))
         (if (%all-pairs? lists)
             (begin
               (apply procedure (map car lists))
               (loop (map cdr lists))))))))

  (define (%all-pairs? lists)
    (or (null? lists)
        (and (pair? (car lists)) (%all-pairs? (cdr lists)))))

  (define (%check-end name rest)
    (if (not (null? rest))
        (%raise-wrong-type name "a list" rest)))

  (define assoc
    (case-lambda
      ((key list) (%assoc key list))
      ((key list same?)
       (let loop ((rest list))
         (cond ((null? rest) #f)
               ((same? key (car (car rest))) (car rest))
               (else (loop (cdr rest))))))))

  (define member
    (case-lambda
      ((item list) (%member item list))
      ((item list same?)
       (let loop ((rest list))
         (cond ((null? rest) #f)
               ((same? item (car rest)) rest)
               (else (loop (cdr rest))))))))

  (define (%shortest length-of sequences)
    (let loop ((least (length-of (car sequences))) (rest (cdr sequences)))
      (if (null? rest)
          least
          (loop (min least (length-of (car rest))) (cdr rest)))))

  (define (%items-at item-of sequences i)
    (map (lambda (sequence) (item-of sequence i)) sequences))

  (define (%map-items length-of item-of procedure sequences)
    (let ((count (%shortest length-of sequences)))
      (let loop ((i 0) (results '()))
        (if (= i count)
            (reverse results)
            (loop (+ i 1)
                  (cons (apply procedure (%items-at item-of sequences i))
                        results))))))

  (define (%for-each-item length-of item-of procedure sequences)
    (let ((count (%shortest length-of sequences)))
      (do ((i 0 (+ i 1)))
          ((= i count))
        (apply procedure (%items-at item-of sequences i)))))

  (define vector-map
    (case-lambda
      ((procedure vector)
       (let ((count (vector-length vector)))
         (let loop ((i 0) (results '()))
           (if (= i count)
               (list->vector (reverse results))
               (loop (+ i 1)
                     (cons (procedure (vector-ref vector i)) results))))))
      ((procedure . vectors)
       (list->vector
        (%map-items vector-length vector-ref procedure vectors)))))

  (define vector-for-each
    (case-lambda
      ((procedure vector)
       (let ((count (vector-length vector)))
         (do ((i 0 (+ i 1)))
             ((= i count))
           (procedure (vector-ref vector i)))))
      ((procedure . vectors)
       (%for-each-item vector-length vector-ref procedure vectors))))

  (define (string-map procedure . strings)
    (list->string (%map-items string-length string-ref procedure strings)))

  (define string-for-each
    (case-lambda
      ((procedure string)
       (let ((count (string-length string)))
         (do ((i 0 (+ i 1)))
             ((= i count))
           (procedure (string-ref string i)))))
      ((procedure . strings)
       (%for-each-item string-length string-ref procedure strings))))))
