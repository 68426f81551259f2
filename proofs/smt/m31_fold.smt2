; m31_reduce (src/field/m31.h) is right for its whole range.
;
; Claim: for v <= (p-1)^2 + p, the 32-bit computation of m31_reduce yields r with r < p and
; v = k p + r for some k. Instead of a remainder circuit, k is given: the high half, plus one
; if the fold subtracted p; k p is written 2^31 k - k. The solver looks for a counterexample; unsat means there is none.
(set-logic QF_BV)
(declare-const v (_ BitVec 64))
(define-fun p32 () (_ BitVec 32) #x7fffffff)
(define-fun p64 () (_ BitVec 64) #x000000007fffffff)
; (p-1)^2 + p = 2^62 - 2^33 + 4 + 2^31 - 1
(define-fun bound () (_ BitVec 64) #x3ffffffe80000003)
; (uint32_t)(v & P) + (uint32_t)(v >> 31), in 32 bits as the code has it
(define-fun low () (_ BitVec 32) ((_ extract 31 0) (bvand v p64)))
(define-fun high () (_ BitVec 32) ((_ extract 31 0) (bvlshr v #x000000000000001f)))
(define-fun sum () (_ BitVec 32) (bvadd low high))
; m31_fold
(define-fun folds () Bool (bvuge sum p32))
(define-fun r () (_ BitVec 32) (ite folds (bvsub sum p32) sum))
(define-fun k () (_ BitVec 64) (bvadd ((_ zero_extend 32) high)
                                      (ite folds #x0000000000000001 #x0000000000000000)))
(assert (bvule v bound))
(assert (not (and (bvult r p32)
                  (= v (bvadd (bvsub (bvshl k #x000000000000001f) k) ((_ zero_extend 32) r))))))
(check-sat)
