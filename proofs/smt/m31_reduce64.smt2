; m31_reduce64 (src/field/m31.h) is right for every 64-bit word.
;
; Each step v -> (v mod 2^31) + (v div 2^31) keeps v mod p, since v = lo + 2^31 hi and
; 2^31 = p + 1: it subtracts p * hi. So v = p (h1 + h2 + h3 + c) + r with the three high
; halves and the last fold's c. unsat: no word for which r >= p or the equation fails.
; The products with p are written as shift and subtract, which a solver reads faster.
(set-logic QF_BV)
(declare-const v (_ BitVec 64))
(define-fun p () (_ BitVec 64) #x000000007fffffff)
(define-fun s () (_ BitVec 64) #x000000000000001f)
(define-fun h1 () (_ BitVec 64) (bvlshr v s))
(define-fun v1 () (_ BitVec 64) (bvadd (bvand v p) h1))
(define-fun h2 () (_ BitVec 64) (bvlshr v1 s))
(define-fun v2 () (_ BitVec 64) (bvadd (bvand v1 p) h2))
(define-fun h3 () (_ BitVec 64) (bvlshr v2 s))
(define-fun v3 () (_ BitVec 64) (bvadd (bvand v2 p) h3))
(define-fun c () (_ BitVec 64) (ite (bvuge v3 p) #x0000000000000001 #x0000000000000000))
(define-fun r () (_ BitVec 64) (ite (bvuge v3 p) (bvsub v3 p) v3))
(define-fun k () (_ BitVec 64) (bvadd (bvadd h1 h2) (bvadd h3 c)))
; v3 must fit the 32 bits it is cast to. Neither k p nor k p + r may wrap:
; k <= (2^64 - 1) / p, and v >= k p.
(assert (not (and (bvult v3 #x0000000100000000)
                  (bvult r p)
                  (bvule k #x0000000200000004)
                  (bvuge v (bvsub (bvshl k s) k))
                  (= v (bvadd (bvsub (bvshl k s) k) r)))))
(check-sat)
