;;; A parser of JSON, character by character from a file, as data comes: objects
;;; become records with a list of members in them, arrays vectors. What was read
;;; is written to a string, read again from there, and has to be the same.
;;;
;;;   json ROUNDS FILE ...
;;;
;;; reads all of the files so many times, keeps what was read in the last round,
;;; and says how many there were of each kind.
(import (scheme base) (scheme write) (scheme file) (scheme process-context))

(define-record-type object
  (make-object members)
  object?
  (members object-members)) ; ((name . value) ...)

;; null is a symbol; true and false are Scheme's.

;;; Reading.

(define (complain what got)
  (error (string-append "not JSON: wanted " what ", got") got))

(define (blank? char)
  (memv char '(#\space #\newline #\return #\tab)))

(define (skip-blanks port)
  (if (blank? (peek-char port))
      (begin (read-char port) (skip-blanks port))))

(define (expect char port)
  (let ((got (read-char port)))
    (if (not (eqv? got char))
        (complain (string char) got))))

(define (read-json port)
  (skip-blanks port)
  (let ((char (peek-char port)))
    (case char
      ((#\{) (read-char port) (make-object (read-members port)))
      ((#\[) (read-char port) (list->vector (read-elements port)))
      ((#\") (read-char port) (read-text port))
      ((#\t) (read-word "true" #t port))
      ((#\f) (read-word "false" #f port))
      ((#\n) (read-word "null" 'null port))
      (else (read-number port)))))

(define (read-word word value port)
  (string-for-each (lambda (char) (expect char port)) word)
  value)

;; Calls `read-one` between commas until `end`, for a list of what it gives.
(define (read-list read-one end port)
  (skip-blanks port)
  (if (eqv? (peek-char port) end)
      (begin (read-char port) '())
      (let loop ((items (list (read-one port))))
        (skip-blanks port)
        (let ((char (read-char port)))
          (cond ((eqv? char #\,) (loop (cons (read-one port) items)))
                ((eqv? char end) (reverse items))
                (else (complain "a comma or an end" char)))))))

(define (read-elements port)
  (read-list read-json #\] port))

(define (read-members port)
  (read-list (lambda (port)
               (skip-blanks port)
               (expect #\" port)
               (let ((name (read-text port)))
                 (skip-blanks port)
                 (expect #\: port)
                 (cons name (read-json port))))
             #\}
             port))

(define (read-text port)
  (let loop ((chars '()))
    (let ((char (read-char port)))
      (case char
        ((#\") (list->string (reverse chars)))
        ((#\\) (loop (cons (read-escape port) chars)))
        (else (if (eof-object? char)
                  (complain "the end of a text" char)
                  (loop (cons char chars))))))))

(define (read-escape port)
  (let ((char (read-char port)))
    (case char
      ((#\n) #\newline)
      ((#\t) #\tab)
      ((#\r) #\return)
      ((#\b) (integer->char 8))
      ((#\f) (integer->char 12))
      ((#\u) (read-unicode port))
      (else char))))

;; Four digits, or two times four for what does not fit into them.
(define (read-unicode port)
  (let ((high (read-hexadecimal 4 0 port)))
    (if (and (>= high #xd800) (< high #xdc00))
        (begin
          (expect #\\ port)
          (expect #\u port)
          (integer->char (+ #x10000
                            (* 1024 (- high #xd800))
                            (- (read-hexadecimal 4 0 port) #xdc00))))
        (integer->char high))))

(define (read-hexadecimal digits number port)
  (if (= digits 0)
      number
      (let* ((text (string (read-char port))) (digit (string->number text 16)))
        (if (not digit) (complain "a digit" text))
        (read-hexadecimal (- digits 1) (+ (* 16 number) digit) port))))

(define (read-number port)
  (let loop ((chars '()))
    (let ((char (peek-char port)))
      (if (and (char? char)
               (memv char '(#\0 #\1 #\2 #\3 #\4 #\5 #\6 #\7 #\8 #\9
                            #\- #\+ #\. #\e #\E)))
          (loop (cons (read-char port) chars))
          (or (string->number (list->string (reverse chars)))
              (complain "a value" char))))))

;;; Writing.

(define (write-json value port)
  (cond ((object? value)
         (write-between #\{
                        (object-members value)
                        (lambda (member)
                          (write-text (car member) port)
                          (write-char #\: port)
                          (write-json (cdr member) port))
                        #\}
                        port))
        ((vector? value)
         (write-between #\[
                        (vector->list value)
                        (lambda (element) (write-json element port))
                        #\]
                        port))
        ((string? value) (write-text value port))
        ((number? value) (display value port))
        ((eq? value 'null) (display "null" port))
        (else (display (if value "true" "false") port))))

(define (write-between open items write-one close port)
  (write-char open port)
  (if (pair? items)
      (begin
        (write-one (car items))
        (for-each (lambda (item)
                    (write-char #\, port)
                    (write-one item))
                  (cdr items))))
  (write-char close port))

(define (write-text text port)
  (write-char #\" port)
  (string-for-each
   (lambda (char)
     (cond ((memv char '(#\" #\\))
            (write-char #\\ port)
            (write-char char port))
           ((char<? char #\space)
            (display (if (< (char->integer char) 16) "\\u000" "\\u00") port)
            (display (number->string (char->integer char) 16) port))
           (else (write-char char port))))
   text)
  (write-char #\" port))

(define (json->string value)
  (let ((port (open-output-string)))
    (write-json value port)
    (get-output-string port)))

(define (string->json text)
  (read-json (open-input-string text)))

;;; What there is.

(define (same? a b)
  (cond ((object? a)
         (and (object? b) (same? (object-members a) (object-members b))))
        ((pair? a)
         (and (pair? b) (same? (car a) (car b)) (same? (cdr a) (cdr b))))
        ((vector? a)
         (and (vector? b) (same? (vector->list a) (vector->list b))))
        (else (equal? a b))))

(define objects 0)
(define members 0)
(define texts 0)
(define chars 0)
(define checksum 0)

(define (count-text! text)
  (set! texts (+ texts 1))
  (set! chars (+ chars (string-length text)))
  (string-for-each
   (lambda (char)
     (set! checksum
           (modulo (+ (* 31 checksum) (char->integer char)) 1000003)))
   text))

(define (count! value)
  (cond ((object? value)
         (set! objects (+ objects 1))
         (for-each (lambda (member)
                     (set! members (+ members 1))
                     (count-text! (car member))
                     (count! (cdr member)))
                   (object-members value)))
        ((vector? value)
         (for-each count! (vector->list value)))
        ((string? value) (count-text! value))))

(define (main rounds files)
  (define (read-file file)
    (let* ((port (open-input-file file)) (value (read-json port)))
      (close-port port)
      value))
  (let loop ((round 1))
    (let ((values (map read-file files)))
      (if (< round rounds)
          (loop (+ round 1))
          (let ((again (map (lambda (value) (string->json (json->string value)))
                            values)))
            (for-each count! values)
            (for-each display
                      (list "same=" (if (same? values again) "yes" "no")
                            " objects=" objects
                            " members=" members
                            " texts=" texts
                            " chars=" chars
                            " checksum=" checksum))
            (newline))))))

(let ((arguments (cdr (command-line))))
  (main (string->number (car arguments)) (cdr arguments)))
