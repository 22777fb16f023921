;; What R7RS has and Scheme 48 1.9.2 lacks: as much of it as the programs in
;; benchmarks/lambda use.

(define-syntax import
  (syntax-rules ()
    ((import set ...) (begin #f))))

(define (square x) (* x x))

(define (string-for-each f string)
  (let loop ((i 0))
    (if (< i (string-length string))
        (begin (f (string-ref string i)) (loop (+ i 1))))))

(define (vector-for-each f vector)
  (let loop ((i 0))
    (if (< i (vector-length vector))
        (begin (f (vector-ref vector i)) (loop (+ i 1))))))

(define close-port close-input-port)

;; Files are in UTF-8, and so is what a port to a string keeps: it would write
;; question marks for what is not in Latin-1.
(define (in-utf-8 open)
  (lambda arguments
    (let ((port (apply open arguments)))
      (set-port-text-codec! port utf-8-codec)
      port)))

(define open-input-file (in-utf-8 open-input-file))
(define open-output-string (in-utf-8 open-output-string))

(define arguments '())
(define (command-line) arguments)

;; Where programs find all of this, and what Scheme 48 has.
(define environment (interaction-environment))

;; Its own `load` prints the file's name.
(define (run-file name)
  (let ((port (open-input-file name)))
    (let loop ((form (read port)))
      (if (not (eof-object? form))
          (begin (eval form environment) (loop (read port)))))))

;; Runs a program: the first of the words that the image is given, the others
;; are its arguments.
(define (run-program words)
  (set! arguments (map os-string->string words))
  (run-file (car arguments))
  0)
