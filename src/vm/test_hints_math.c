/* Arithmetic hints against Python's integers, which their semantics are written in. */
#include "vm/test_hints_bench.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const bench_row felts[] = {
    {"TestLessThan", "lhs=1 rhs=2", "dst=1", NULL},
    {"TestLessThanOrEqual", "lhs=1 rhs=2", "dst=1", NULL},
    {"is_le_felt", "a=1 b=2", "[ap]=0", NULL},
    {"assert_lt_felt", "a=1 b=2", "", NULL},
    {"assert_le_felt_v_0_6", "a=1 b=2", "", NULL},
    {"assert_le_felt_v_0_8", "a=1 b=2", "small_inputs=1", NULL},
    {"TestLessThan", "lhs=2 rhs=1", "dst=0", NULL},
    {"TestLessThanOrEqual", "lhs=2 rhs=1", "dst=0", NULL},
    {"is_le_felt", "a=2 b=1", "[ap]=1", NULL},
    {"assert_lt_felt", "a=2 b=1", NULL, "vm.hint.assert"},
    {"assert_le_felt_v_0_6", "a=2 b=1", NULL, "vm.hint.assert"},
    {"TestLessThan", "lhs=5 rhs=5", "dst=0", NULL},
    {"TestLessThanOrEqual", "lhs=5 rhs=5", "dst=1", NULL},
    {"is_le_felt", "a=5 b=5", "[ap]=0", NULL},
    {"assert_lt_felt", "a=5 b=5", NULL, "vm.hint.assert"},
    {"assert_le_felt_v_0_6", "a=5 b=5", "", NULL},
    {"assert_le_felt_v_0_8", "a=5 b=5", "small_inputs=1", NULL},
    {"TestLessThan",
     "lhs=0x800000000000011000000000000000000000000000000000000000000000000 rhs=0", "dst=0",
     NULL},
    {"TestLessThanOrEqual",
     "lhs=0x800000000000011000000000000000000000000000000000000000000000000 rhs=0", "dst=0",
     NULL},
    {"is_le_felt", "a=0x800000000000011000000000000000000000000000000000000000000000000 b=0",
     "[ap]=1", NULL},
    {"assert_lt_felt",
     "a=0x800000000000011000000000000000000000000000000000000000000000000 b=0", NULL,
     "vm.hint.assert"},
    {"assert_le_felt_v_0_6",
     "a=0x800000000000011000000000000000000000000000000000000000000000000 b=0", NULL,
     "vm.hint.assert"},
    {"TestLessThan",
     "lhs=0 rhs=0x800000000000011000000000000000000000000000000000000000000000000", "dst=1",
     NULL},
    {"TestLessThanOrEqual",
     "lhs=0 rhs=0x800000000000011000000000000000000000000000000000000000000000000", "dst=1",
     NULL},
    {"is_le_felt", "a=0 b=0x800000000000011000000000000000000000000000000000000000000000000",
     "[ap]=0", NULL},
    {"assert_lt_felt",
     "a=0 b=0x800000000000011000000000000000000000000000000000000000000000000", "", NULL},
    {"assert_le_felt_v_0_6",
     "a=0 b=0x800000000000011000000000000000000000000000000000000000000000000", "", NULL},
    {"assert_le_felt_v_0_8",
     "a=0 b=0x800000000000011000000000000000000000000000000000000000000000000",
     "small_inputs=0", NULL},
    {"TestLessThan",
     "lhs=0x100000000000000000000000000000000 rhs=0x80000000000000000000000000000000", "dst=0",
     NULL},
    {"TestLessThanOrEqual",
     "lhs=0x100000000000000000000000000000000 rhs=0x80000000000000000000000000000000", "dst=0",
     NULL},
    {"is_le_felt", "a=0x100000000000000000000000000000000 b=0x80000000000000000000000000000000",
     "[ap]=1", NULL},
    {"assert_lt_felt",
     "a=0x100000000000000000000000000000000 b=0x80000000000000000000000000000000", NULL,
     "vm.hint.assert"},
    {"assert_le_felt_v_0_6",
     "a=0x100000000000000000000000000000000 b=0x80000000000000000000000000000000", NULL,
     "vm.hint.assert"},
    {"TestLessThan", "lhs=2:0 rhs=1", NULL, "vm.hint.operand"},
    {"TestLessThanOrEqualAddress", "lhs=2:5 rhs=2:5", "dst=1", NULL},
    {"TestLessThanOrEqualAddress", "lhs=2:6 rhs=2:5", "dst=0", NULL},
    {"TestLessThanOrEqualAddress", "lhs=2:6 rhs=3:5", "dst=1", NULL},
    {"TestLessThanOrEqual", "lhs=2:6 rhs=3", NULL, "vm.hint.operand"},
    {"AssertLeFindSmallArcs", "a=1 b=2 range_check_ptr=2:0", "2:0=0x1 2:1=0x0 2:2=0x1 2:3=0x0",
     NULL},
    {"assert_le_felt",
     "a=1 b=2 PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x1 2:1=0x0 2:2=0x1 2:3=0x0", NULL},
    {"AssertLeFindSmallArcs",
     "a=0 b=0x800000000000011000000000000000000000000000000000000000000000000 "
     "range_check_ptr=2:0",
     "2:0=0x0 2:1=0x0 2:2=0x0 2:3=0x0", NULL},
    {"assert_le_felt",
     "a=0 b=0x800000000000011000000000000000000000000000000000000000000000000 "
     "PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x0 2:1=0x0 2:2=0x0 2:3=0x0", NULL},
    {"AssertLeFindSmallArcs",
     "a=0x28bb76e5464ecc280b0c08bc77024208aa4248c8857f9a43908f227c59db916 "
     "b=0x800000000000010fffffffffffffffffffffffffffffffffffffffffffffffc range_check_ptr=2:0",
     "2:0=0x4 2:1=0x0 2:2=0x6b55075dd5e603464b6c0b875925c0 "
     "2:3=0xa2eddb95193b2f45f2bd861c3e449356",
     NULL},
    {"assert_le_felt",
     "a=0x28bb76e5464ecc280b0c08bc77024208aa4248c8857f9a43908f227c59db916 "
     "b=0x800000000000010fffffffffffffffffffffffffffffffffffffffffffffffc "
     "PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x4 2:1=0x0 2:2=0x6b55075dd5e603464b6c0b875925c0 "
     "2:3=0xa2eddb95193b2f45f2bd861c3e449356",
     NULL},
    {"AssertLeFindSmallArcs",
     "a=0x400000000000008800000000000000000000000000000000000000000000000 "
     "b=0x400000000000008800000000000000000000000000000000000000000000000 range_check_ptr=2:0",
     "2:0=0x0 2:1=0x0 2:2=0x2200000000000000040 2:3=0xffffffffffffffffffffffffffffffc0", NULL},
    {"assert_le_felt",
     "a=0x400000000000008800000000000000000000000000000000000000000000000 "
     "b=0x400000000000008800000000000000000000000000000000000000000000000 "
     "PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x0 2:1=0x0 2:2=0x2200000000000000040 2:3=0xffffffffffffffffffffffffffffffc0", NULL},
    {"AssertLeFindSmallArcs", "a=0 b=0 range_check_ptr=2:0", "2:0=0x0 2:1=0x0 2:2=0x0 2:3=0x0",
     NULL},
    {"assert_le_felt",
     "a=0 b=0 PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x0 2:1=0x0 2:2=0x0 2:3=0x0", NULL},
    {"AssertLeFindSmallArcs",
     "a=0x800000000000010ffffffffffffffffffffffffffffffffffffffffffffffff "
     "b=0x800000000000011000000000000000000000000000000000000000000000000 range_check_ptr=2:0",
     "2:0=0x0 2:1=0x0 2:2=0x1 2:3=0x0", NULL},
    {"assert_le_felt",
     "a=0x800000000000010ffffffffffffffffffffffffffffffffffffffffffffffff "
     "b=0x800000000000011000000000000000000000000000000000000000000000000 "
     "PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x0 2:1=0x0 2:2=0x1 2:3=0x0", NULL},
    {"AssertLeFindSmallArcs",
     "a=0x2aaaaaaaaaaaab0555555555555555555555555555555555555555555555555 "
     "b=0x555555555555560aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab range_check_ptr=2:0",
     "2:0=0x16aaaaaaaaaaaaaaad5 2:1=0xffffffffffffffffffffffffffffffc0 "
     "2:2=0x16aaaaaaaaaaaaaaad5 2:3=0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa80",
     NULL},
    {"assert_le_felt",
     "a=0x2aaaaaaaaaaaab0555555555555555555555555555555555555555555555555 "
     "b=0x555555555555560aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab "
     "PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x16aaaaaaaaaaaaaaad5 2:1=0xffffffffffffffffffffffffffffffc0 "
     "2:2=0x16aaaaaaaaaaaaaaad5 2:3=0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa80",
     NULL},
    {"AssertLeFindSmallArcs",
     "a=0xc9d488b1cfbf33609cfc865239194242 "
     "b=0x39a4d00d17e44973d4882a5ce5b2a9231f51707da45e18ac2216b02fc241d0b range_check_ptr=2:0",
     "2:0=0x1d488b1cfbf31b79cfc865239194210 2:1=0x4b 2:2=0x32f5fc956d375d3cbecaa8840ac7e07 "
     "2:3=0xe69340345f9123e559383a28825e5cc2",
     NULL},
    {"assert_le_felt",
     "a=0xc9d488b1cfbf33609cfc865239194242 "
     "b=0x39a4d00d17e44973d4882a5ce5b2a9231f51707da45e18ac2216b02fc241d0b "
     "PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     "2:0=0x1d488b1cfbf31b79cfc865239194210 2:1=0x4b 2:2=0x32f5fc956d375d3cbecaa8840ac7e07 "
     "2:3=0xe69340345f9123e559383a28825e5cc2",
     NULL},
    {"assert_le_felt",
     "a=2 b=1 PRIME_OVER_3_HIGH=0x2aaaaaaaaaaaab05555555555555556 "
     "PRIME_OVER_2_HIGH=0x4000000000000088000000000000001 range_check_ptr=2:0",
     NULL, "vm.hint.assert"},
    {"AssertLeFindSmallArcs", "a=1 b=2 range_check_ptr=2", NULL, "vm.hint.operand"},
    {"AssertLeIsFirstArcExcluded", "", NULL, "vm.hint.scope"},
    {"AssertLeIsSecondArcExcluded", "", NULL, "vm.hint.scope"},
    {"assert_le_felt_excluded_0", "", NULL, "vm.hint.scope"},
    {"assert_le_felt_excluded_1", "", NULL, "vm.hint.scope"},
    {"assert_le_felt_excluded_2", "", NULL, "vm.hint.assert"},
    {"pow", "prev_locs.exp=0", "locs.bit=0", NULL},
    {"ec_mul_inner", "scalar=0", "[ap]=0", NULL},
    {"pow", "prev_locs.exp=1", "locs.bit=1", NULL},
    {"ec_mul_inner", "scalar=1", "[ap]=1", NULL},
    {"pow", "prev_locs.exp=2", "locs.bit=0", NULL},
    {"ec_mul_inner", "scalar=2", "[ap]=0", NULL},
    {"pow", "prev_locs.exp=0x800000000000011000000000000000000000000000000000000000000000000",
     "locs.bit=0", NULL},
    {"ec_mul_inner", "scalar=0x800000000000011000000000000000000000000000000000000000000000000",
     "[ap]=0", NULL},
    {"pow", "prev_locs.exp=0x800000000000010ffffffffffffffffffffffffffffffffffffffffffffffff",
     "locs.bit=1", NULL},
    {"ec_mul_inner", "scalar=0x800000000000010ffffffffffffffffffffffffffffffffffffffffffffffff",
     "[ap]=1", NULL},
    {"is_nn", "a=0", "[ap]=0", NULL},
    {"is_nn_out_of_range", "a=0", "[ap]=1", NULL},
    {"assert_nn", "a=0", "", NULL},
    {"is_nn", "a=5", "[ap]=0", NULL},
    {"is_nn_out_of_range", "a=5", "[ap]=1", NULL},
    {"assert_nn", "a=5", "", NULL},
    {"is_nn", "a=0xffffffffffffffffffffffffffffffff", "[ap]=0", NULL},
    {"is_nn_out_of_range", "a=0xffffffffffffffffffffffffffffffff", "[ap]=1", NULL},
    {"assert_nn", "a=0xffffffffffffffffffffffffffffffff", "", NULL},
    {"is_nn", "a=0x100000000000000000000000000000000", "[ap]=1", NULL},
    {"is_nn_out_of_range", "a=0x100000000000000000000000000000000", "[ap]=1", NULL},
    {"assert_nn", "a=0x100000000000000000000000000000000", NULL, "vm.hint.assert"},
    {"is_nn", "a=0x800000000000011000000000000000000000000000000000000000000000000", "[ap]=1",
     NULL},
    {"is_nn_out_of_range",
     "a=0x800000000000011000000000000000000000000000000000000000000000000", "[ap]=0", NULL},
    {"assert_nn", "a=0x800000000000011000000000000000000000000000000000000000000000000", NULL,
     "vm.hint.assert"},
    {"is_positive", "value=0", "is_positive=0", NULL},
    {"is_positive", "value=1", "is_positive=1", NULL},
    {"is_positive", "value=0xffffffffffffffffffffffffffffffff", "is_positive=1", NULL},
    {"is_positive", "value=0x800000000000011000000000000000000000000000000000000000000000000",
     "is_positive=0", NULL},
    {"is_positive", "value=0x800000000000010ffffffffffffffff00000000000000000000000000000002",
     "is_positive=0", NULL},
    {"is_positive", "value=0x100000000000000000000000000000000", NULL, "vm.hint.assert"},
    {"is_positive", "value=0x800000000000010ffffffffffffffff00000000000000000000000000000001",
     NULL, "vm.hint.assert"},
    {"assert_not_zero", "value=1", "", NULL},
    {"assert_not_zero", "value=0", NULL, "vm.hint.assert"},
    {"assert_not_zero", "value=2:0", NULL, "vm.hint.operand"},
    {"split_int_assert_range", "value=0", "", NULL},
    {"split_int_assert_range", "value=1", NULL, "vm.hint.assert"},
    {"assert_not_equal", "a=1 b=2", "", NULL},
    {"assert_not_equal", "a=1 b=1", NULL, "vm.hint.assert"},
    {"assert_not_equal", "a=2:1 b=2:2", "", NULL},
    {"assert_not_equal", "a=2:1 b=2:1", NULL, "vm.hint.assert"},
    {"assert_not_equal", "a=2:1 b=3:1", NULL, "vm.hint.assert"},
    {"assert_not_equal", "a=2:1 b=1", NULL, "vm.hint.assert"},
    {"assert_250_bits",
     "value=0 UPPER_BOUND=0x400000000000000000000000000000000000000000000000000000000000000 "
     "SHIFT=0x100000000000000000000000000000000",
     "high=0 low=0", NULL},
    {"assert_250_bits",
     "value=0x17646275b06258e7e26f36a8483f8b8332dd3313a0b9965cda6c6fdbd685167 "
     "UPPER_BOUND=0x400000000000000000000000000000000000000000000000000000000000000 "
     "SHIFT=0x100000000000000000000000000000000",
     "high=0x17646275b06258e7e26f36a8483f8b8 low=0x332dd3313a0b9965cda6c6fdbd685167", NULL},
    {"assert_250_bits",
     "value=0x3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff "
     "UPPER_BOUND=0x400000000000000000000000000000000000000000000000000000000000000 "
     "SHIFT=0x100000000000000000000000000000000",
     "high=0x3ffffffffffffffffffffffffffffff low=0xffffffffffffffffffffffffffffffff", NULL},
    {"assert_250_bits",
     "value=0x400000000000000000000000000000000000000000000000000000000000000 "
     "UPPER_BOUND=0x400000000000000000000000000000000000000000000000000000000000000 "
     "SHIFT=0x100000000000000000000000000000000",
     NULL, "vm.hint.assert"},
    {"is_250_bits", "addr=0", "is_250=1", NULL},
    {"is_250_bits", "addr=0x3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "is_250=1", NULL},
    {"is_250_bits", "addr=0x400000000000000000000000000000000000000000000000000000000000000",
     "is_250=0", NULL},
    {"is_250_bits", "addr=0x800000000000011000000000000000000000000000000000000000000000000",
     "is_250=0", NULL},
    {"is_addr_bounded",
     "addr=0 ADDR_BOUND=0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00",
     "is_small=1", NULL},
    {"is_addr_bounded",
     "addr=0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeff "
     "ADDR_BOUND=0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00",
     "is_small=1", NULL},
    {"is_addr_bounded",
     "addr=0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00 "
     "ADDR_BOUND=0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00",
     "is_small=0", NULL},
    {"is_addr_bounded",
     "addr=0x800000000000011000000000000000000000000000000000000000000000000 "
     "ADDR_BOUND=0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00",
     "is_small=0", NULL},
    {"is_addr_bounded",
     "addr=1 ADDR_BOUND=0x400000000000000000000000000000000000000000000000000000000000000",
     NULL, "vm.hint.assert"},
    {"is_addr_bounded",
     "addr=1 ADDR_BOUND=0x800000000000000000000000000000000000000000000000000000000000001",
     NULL, "vm.hint.assert"},
    {"is_addr_bounded", "addr=1 ADDR_BOUND=5", NULL, "vm.hint.assert"},
    {"split_int", "value=1234 base=100 bound=100 output=2:3", "2:3=34", NULL},
    {"split_int", "value=1299 base=100 bound=50 output=2:3", NULL, "vm.hint.assert"},
    {"split_int", "value=1 base=0 bound=5 output=2:3", NULL, "vm.hint.operand"},
    {"split_64", "a=5", "low=5 high=0", NULL},
    {"split_128", "a=5", "low=5 high=0", NULL},
    {"split_felt", "value=5 MAX_HIGH=0x8000000000000110000000000000000 MAX_LOW=0",
     "low=5 high=0", NULL},
    {"split_64", "a=0xca44eb860726e25cfd56a926076b3e36",
     "low=0xfd56a926076b3e36 high=0xca44eb860726e25c", NULL},
    {"split_128", "a=0xca44eb860726e25cfd56a926076b3e36",
     "low=0xca44eb860726e25cfd56a926076b3e36 high=0", NULL},
    {"split_felt",
     "value=0xca44eb860726e25cfd56a926076b3e36 MAX_HIGH=0x8000000000000110000000000000000 "
     "MAX_LOW=0",
     "low=0xca44eb860726e25cfd56a926076b3e36 high=0", NULL},
    {"split_64", "a=0x1608b2df4de2c089aea6429b1491e243192b7044259405278e4b98d4787f93b",
     "low=0x78e4b98d4787f93b high=0x1608b2df4de2c089aea6429b1491e243192b70442594052", NULL},
    {"split_128", "a=0x1608b2df4de2c089aea6429b1491e243192b7044259405278e4b98d4787f93b",
     "low=0x3192b7044259405278e4b98d4787f93b high=0x1608b2df4de2c089aea6429b1491e24", NULL},
    {"split_felt",
     "value=0x1608b2df4de2c089aea6429b1491e243192b7044259405278e4b98d4787f93b "
     "MAX_HIGH=0x8000000000000110000000000000000 MAX_LOW=0",
     "low=0x3192b7044259405278e4b98d4787f93b high=0x1608b2df4de2c089aea6429b1491e24", NULL},
    {"split_felt", "value=1 MAX_HIGH=5 MAX_LOW=0", NULL, "vm.hint.assert"},
    {"unsigned_div_rem", "value=0x64 div=7", "q=0xe r=2", NULL},
    {"unsigned_div_rem",
     "value=0x3e5e741f47aebdd597a1ecffcf00fecb91ee9e5efe09f07cefe2a1f727d8349 "
     "div=0x138703800149e259b5d58c705",
     "q=0x331a4caaa437bfd484d8d20fc23961daf785ee8 r=0x5e2ffd947edf1dd18b9d50c1", NULL},
    {"unsigned_div_rem",
     "value=0x800000000000011000000000000000000000000000000000000000000000000 "
     "div=0x8000000000000110000000000000000",
     "q=0x100000000000000000000000000000000 r=0", NULL},
    {"unsigned_div_rem", "value=5 div=0", NULL, "vm.hint.assert"},
    {"unsigned_div_rem", "value=5 div=0x8000000000000110000000000000001", NULL,
     "vm.hint.assert"},
    {"signed_div_rem", "value=0x64 div=7 bound=0x32", "r=2 biased_q=0x40", NULL},
    {"signed_div_rem",
     "value=0x800000000000010ffffffffffffffffffffffffffffffffffffffffffffff9d div=7 bound=0x32",
     "r=5 biased_q=0x23", NULL},
    {"signed_div_rem",
     "value=0x800000000000010ffffffffffffffffffffffffffffffffffffffffffffff9f div=7 bound=0xe",
     "r=0 biased_q=0", NULL},
    {"signed_div_rem",
     "value=0x800000000000011000000000000000000000000000000000000000000000000 div=5 bound=1",
     "r=4 biased_q=0", NULL},
    {"signed_div_rem",
     "value=0x9f7b8f2ab53451d0135675f6ad325b55dd785729763a12917c "
     "div=0xd9c3a23cde67a9b75fc394724 bound=0x80000000000000000000000000000000",
     "r=0x30e53a84f007be5ebd88d2164 biased_q=0x8000000bb7c34c7c23e77afe42700ed6", NULL},
    {"signed_div_rem",
     "value=0x7ffffffffffff6c334a8c26a7ef29f158d66e46173eb8bc85413ac6ff82efcd "
     "div=0x1a91c2439d5ab8b4d15b40aeb bound=0x80000000000000000000000000000000",
     "r=0x345f71402e121af3023f68cf biased_q=0x7fffff9cc21418beca78aa08c41eebb7", NULL},
    {"signed_div_rem", "value=100 div=7 bound=14", NULL, "vm.hint.assert"},
    {"signed_div_rem", "value=-106 div=7 bound=15", NULL, "vm.hint.assert"},
    {"signed_div_rem", "value=1 div=7 bound=0x80000000000000000000000000000001", NULL,
     "vm.hint.assert"},
    {"nondet_elements_over_ten", "elements_end=2:20 elements=2:10", "[ap]=1", NULL},
    {"nondet_elements_over_two", "elements_end=2:20 elements=2:10", "[ap]=1", NULL},
    {"nondet_elements_over_ten", "elements_end=2:19 elements=2:10", "[ap]=0", NULL},
    {"nondet_elements_over_two", "elements_end=2:19 elements=2:10", "[ap]=1", NULL},
    {"nondet_elements_over_ten", "elements_end=2:5 elements=2:9", "[ap]=0", NULL},
    {"nondet_elements_over_two", "elements_end=2:5 elements=2:9", "[ap]=0", NULL},
    {"nondet_elements_over_two", "elements_end=2:5 elements=3:1", NULL, "vm.hint.operand"},
    {"nondet_n_greater_than_10", "n=1", "[ap]=0", NULL},
    {"nondet_n_greater_than_2", "n=1", "[ap]=0", NULL},
    {"nondet_n_greater_than_10", "n=2", "[ap]=0", NULL},
    {"nondet_n_greater_than_2", "n=2", "[ap]=1", NULL},
    {"nondet_n_greater_than_10", "n=9", "[ap]=0", NULL},
    {"nondet_n_greater_than_2", "n=9", "[ap]=1", NULL},
    {"nondet_n_greater_than_10", "n=0xa", "[ap]=1", NULL},
    {"nondet_n_greater_than_2", "n=0xa", "[ap]=1", NULL},
};

static const bench_row integers[] = {
    {"WideMul128", "lhs=3 rhs=5", "high=0 low=0xf", NULL},
    {"WideMul128",
     "lhs=0xffffffffffffffffffffffffffffffff rhs=0xffffffffffffffffffffffffffffffff",
     "high=0xfffffffffffffffffffffffffffffffe low=1", NULL},
    {"WideMul128",
     "lhs=0x6513270e269e0d37f2a74de452e6b438 rhs=0xd23f0824128b2f330c5c7fd0a6a3a450",
     "high=0x530298f70f6563b763b9715a38223aca low=0x9dcca67f86cc4f1edb4b33b6c3343180", NULL},
    {"WideMul128", "lhs=0x1818e81892f902b rhs=0x74712eca0ed904759531985d5d9dc9f8",
     "high=0xaf5f09114330d2 low=0x8309391d244f2d9755c9135d47a46ca8", NULL},
    {"DivMod", "lhs=0x11 rhs=5", "quotient=3 remainder=2", NULL},
    {"DivMod",
     "lhs=0xf6705c11e20b8f6b0d549b6f03675a1600a35a099950d836f675cc81e74ef5 "
     "rhs=0x6cad4a268d116ece1738f7d9",
     "quotient=0x2448353618d5b7c125c6527b1dc2558ed5e8ba0 remainder=0x9a88297dad77a6b290b9455",
     NULL},
    {"DivMod", "lhs=0xf28c105d1fb17c2390c192cfd3ac94af rhs=0x953f48f1a09f76b5a170b33839263059",
     "quotient=1 remainder=0x5d4cc76b7f12056def50df979a866456", NULL},
    {"DivMod", "lhs=5 rhs=0xfd630f1f29d0da9", "quotient=0 remainder=5", NULL},
    {"DivMod", "lhs=0x800000000000011000000000000000000000000000000000000000000000000 rhs=7",
     "quotient=0x124924924924927000000000000000000000000000000000000000000000000 remainder=0",
     NULL},
    {"DivMod", "lhs=5 rhs=0", NULL, "vm.hint.operand"},
    {"DivMod", "lhs=5 rhs=2:0", NULL, "vm.hint.operand"},
    {"DivMod", "lhs=5", NULL, "vm.hint.operand"},
    {"Uint256DivMod",
     "dividend0=0xcb1e29c658cda1495e60af593bd04cf dividend1=0x8e81973e0becd7b03898d190f9ebdacc "
     "divisor0=0x6b4cb2424a23d5962217beaddbc496cb divisor1=0x922766581e27a1c08a6a63ec24ede6a4",
     "quotient0=0 quotient1=0 remainder0=0xcb1e29c658cda1495e60af593bd04cf "
     "remainder1=0x8e81973e0becd7b03898d190f9ebdacc",
     NULL},
    {"uint256_unsigned_div_rem",
     "a.low=0xcb1e29c658cda1495e60af593bd04cf a.high=0x8e81973e0becd7b03898d190f9ebdacc "
     "div.low=0x6b4cb2424a23d5962217beaddbc496cb div.high=0x922766581e27a1c08a6a63ec24ede6a4",
     "quotient.low=0 quotient.high=0 remainder.low=0xcb1e29c658cda1495e60af593bd04cf "
     "remainder.high=0x8e81973e0becd7b03898d190f9ebdacc",
     NULL},
    {"uint256_expanded_unsigned_div_rem",
     "a.low=0xcb1e29c658cda1495e60af593bd04cf a.high=0x8e81973e0becd7b03898d190f9ebdacc "
     "div.b01=0x6b4cb2424a23d5962217beaddbc496cb div.b23=0x922766581e27a1c08a6a63ec24ede6a4",
     "quotient.low=0 quotient.high=0 remainder.low=0xcb1e29c658cda1495e60af593bd04cf "
     "remainder.high=0x8e81973e0becd7b03898d190f9ebdacc",
     NULL},
    {"Uint256DivMod",
     "dividend0=0xae97ba94d0eda82f8f6d05584ef8aa38 "
     "dividend1=0x923a736994e3bf911a61dbe22e44158b divisor0=0x18f135d25f557203301850c5a38fd547 "
     "divisor1=0",
     "quotient0=0xdcd8a9a71ddb085e988aec8263d3844d quotient1=5 "
     "remainder0=0x7ac32681a885bc3c562a07ab437e7dd remainder1=0",
     NULL},
    {"uint256_unsigned_div_rem",
     "a.low=0xae97ba94d0eda82f8f6d05584ef8aa38 a.high=0x923a736994e3bf911a61dbe22e44158b "
     "div.low=0x18f135d25f557203301850c5a38fd547 div.high=0",
     "quotient.low=0xdcd8a9a71ddb085e988aec8263d3844d quotient.high=5 "
     "remainder.low=0x7ac32681a885bc3c562a07ab437e7dd remainder.high=0",
     NULL},
    {"uint256_expanded_unsigned_div_rem",
     "a.low=0xae97ba94d0eda82f8f6d05584ef8aa38 a.high=0x923a736994e3bf911a61dbe22e44158b "
     "div.b01=0x18f135d25f557203301850c5a38fd547 div.b23=0",
     "quotient.low=0xdcd8a9a71ddb085e988aec8263d3844d quotient.high=5 "
     "remainder.low=0x7ac32681a885bc3c562a07ab437e7dd remainder.high=0",
     NULL},
    {"Uint256DivMod",
     "dividend0=0x907a70c31012f037b64ce4228c38fb29 "
     "dividend1=0x7f15052434b9b5df9e7769b10f4205b4 divisor0=1 divisor1=0",
     "quotient0=0x907a70c31012f037b64ce4228c38fb29 "
     "quotient1=0x7f15052434b9b5df9e7769b10f4205b4 remainder0=0 remainder1=0",
     NULL},
    {"uint256_unsigned_div_rem",
     "a.low=0x907a70c31012f037b64ce4228c38fb29 a.high=0x7f15052434b9b5df9e7769b10f4205b4 "
     "div.low=1 div.high=0",
     "quotient.low=0x907a70c31012f037b64ce4228c38fb29 "
     "quotient.high=0x7f15052434b9b5df9e7769b10f4205b4 remainder.low=0 remainder.high=0",
     NULL},
    {"uint256_expanded_unsigned_div_rem",
     "a.low=0x907a70c31012f037b64ce4228c38fb29 a.high=0x7f15052434b9b5df9e7769b10f4205b4 "
     "div.b01=1 div.b23=0",
     "quotient.low=0x907a70c31012f037b64ce4228c38fb29 "
     "quotient.high=0x7f15052434b9b5df9e7769b10f4205b4 remainder.low=0 remainder.high=0",
     NULL},
    {"Uint256DivMod",
     "dividend0=7 dividend1=0 divisor0=0xc6f877186d76b07e881ed162ae2eb154 "
     "divisor1=0xec66a78795e761d17731af10506bf2ef",
     "quotient0=0 quotient1=0 remainder0=7 remainder1=0", NULL},
    {"uint256_unsigned_div_rem",
     "a.low=7 a.high=0 div.low=0xc6f877186d76b07e881ed162ae2eb154 "
     "div.high=0xec66a78795e761d17731af10506bf2ef",
     "quotient.low=0 quotient.high=0 remainder.low=7 remainder.high=0", NULL},
    {"uint256_expanded_unsigned_div_rem",
     "a.low=7 a.high=0 div.b01=0xc6f877186d76b07e881ed162ae2eb154 "
     "div.b23=0xec66a78795e761d17731af10506bf2ef",
     "quotient.low=0 quotient.high=0 remainder.low=7 remainder.high=0", NULL},
    {"Uint256DivMod",
     "dividend0=0xffffffffffffffffffffffffffffffff "
     "dividend1=0xffffffffffffffffffffffffffffffff divisor0=0 divisor1=1",
     "quotient0=0xffffffffffffffffffffffffffffffff quotient1=0 "
     "remainder0=0xffffffffffffffffffffffffffffffff remainder1=0",
     NULL},
    {"uint256_unsigned_div_rem",
     "a.low=0xffffffffffffffffffffffffffffffff a.high=0xffffffffffffffffffffffffffffffff "
     "div.low=0 div.high=1",
     "quotient.low=0xffffffffffffffffffffffffffffffff quotient.high=0 "
     "remainder.low=0xffffffffffffffffffffffffffffffff remainder.high=0",
     NULL},
    {"uint256_expanded_unsigned_div_rem",
     "a.low=0xffffffffffffffffffffffffffffffff a.high=0xffffffffffffffffffffffffffffffff "
     "div.b01=0 div.b23=1",
     "quotient.low=0xffffffffffffffffffffffffffffffff quotient.high=0 "
     "remainder.low=0xffffffffffffffffffffffffffffffff remainder.high=0",
     NULL},
    {"Uint256DivMod", "dividend0=1 dividend1=0 divisor0=0 divisor1=0", NULL, "vm.hint.operand"},
    {"Uint512DivModByUint256",
     "dividend0=0x3f98e2774cbd87ad5c90a9587403e430 "
     "dividend1=0xc7a2ea20b2f14c942e05319acb5c7427 "
     "dividend2=0x4cdd2055930d6eaf14f4733f3e7d1bfb "
     "dividend3=0x57ee05cde00902c77ebff20686734721 divisor0=0x9be4bcfc49b64a0872e6cc3ababced20 "
     "divisor1=0x830e07bc1e398f1012bd4acefaecbd38",
     "quotient0=0xc9baacd9bb5f895756d86bdf6c7f3ade "
     "quotient1=0xabc2a8004aa460c53eeffdf73cc64252 quotient2=0 quotient3=0 "
     "remainder0=0x750f3a403e8cdb82e18cf97893950270 "
     "remainder1=0x793b5af770ad15892cb4a5318f4a7e26",
     NULL},
    {"Uint512DivModByUint256",
     "dividend0=0x5790f82ec1d3fcff2a3af4d46b0a18e8 "
     "dividend1=0x6bf46c697d2caf82eeeacbe226e87555 "
     "dividend2=0x13deef86ab1031d0f646e1f40a097c97 "
     "dividend3=0xca02135e92b1d3f28ede0d7ac3baea9e divisor0=0x571242425051c1ccd17f9acae01f5057 "
     "divisor1=0",
     "quotient0=0x585b1fd8d9bcd46988e8b77096d24c03 "
     "quotient1=0xb64e865750ca243e863e80c66d716e08 "
     "quotient2=0x51ed81509f39b31f7165d3ad90969d7f quotient3=2 "
     "remainder0=0x106fea6205e6cc50831060179d7453e3 remainder1=0",
     NULL},
    {"Uint512DivModByUint256",
     "dividend0=0xffffffffffffffffffffffffffffffff "
     "dividend1=0xffffffffffffffffffffffffffffffff "
     "dividend2=0xffffffffffffffffffffffffffffffff "
     "dividend3=0xffffffffffffffffffffffffffffffff divisor0=3 divisor1=0",
     "quotient0=0x55555555555555555555555555555555 "
     "quotient1=0x55555555555555555555555555555555 "
     "quotient2=0x55555555555555555555555555555555 "
     "quotient3=0x55555555555555555555555555555555 remainder0=0 remainder1=0",
     NULL},
    {"Uint512DivModByUint256",
     "dividend0=0x7f26144b98289fcd59a54a7bb1fee08f "
     "dividend1=0x119a72d174c9df6acc011cdd9474031b dividend2=0x17fd70820fe dividend3=0 "
     "divisor0=0xb2715945795e8229451abd81f1d69ed6 divisor1=0xbb2d420f0f88080b10a3d6b2aa05e11a",
     "quotient0=0x20cf9757a09 quotient1=0 quotient2=0 quotient3=0 "
     "remainder0=0x675f03be35fee3e4297a4e0d2bf34f09 "
     "remainder1=0x4a1a133e9592e4b036dd3c46b431d84a",
     NULL},
    {"SquareRoot", "value=0", "dst=0", NULL},
    {"SquareRoot", "value=1", "dst=1", NULL},
    {"SquareRoot", "value=2", "dst=1", NULL},
    {"SquareRoot", "value=3", "dst=1", NULL},
    {"SquareRoot", "value=4", "dst=2", NULL},
    {"SquareRoot", "value=0xf", "dst=3", NULL},
    {"SquareRoot", "value=0x10", "dst=4", NULL},
    {"SquareRoot", "value=0x4f426dcbb394fb36", "dst=0x8e71c936", NULL},
    {"SquareRoot", "value=0xae658f33fe3b890b93f448b3a5aa3c81", "dst=0xd34b82627a9d6fda", NULL},
    {"SquareRoot", "value=0x1635558ab2cd31ee315128862c33a4fb774eb5248db40af72158370d269a9a5",
     "dst=0x12d9ac8540145d60857edfb198061d00", NULL},
    {"SquareRoot", "value=0xfffffffffffffffe0000000000000001", "dst=0xffffffffffffffff", NULL},
    {"SquareRoot", "value=0xfffffffffffffffe0000000000000000", "dst=0xfffffffffffffffe", NULL},
    {"sqrt", "value=0", "root=0", NULL},
    {"sqrt", "value=1", "root=1", NULL},
    {"sqrt", "value=0x63", "root=9", NULL},
    {"sqrt", "value=0xfcc5541df9fd789c6539382b0537e65affb2297631a992f0ce583505c6af07",
     "root=0xfe615a40bc06c0f75d084220147511b", NULL},
    {"sqrt", "value=0x3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "root=0x1fffffffffffffffffffffffffffffff", NULL},
    {"sqrt", "value=0x400000000000000000000000000000000000000000000000000000000000000", NULL,
     "vm.hint.assert"},
    {"Uint256SquareRoot", "value_low=0 value_high=0",
     "sqrt0=0 sqrt1=0 remainder_low=0 remainder_high=0 sqrt_mul_2_minus_remainder_ge_u128=0",
     NULL},
    {"uint256_sqrt", "n.low=0 n.high=0", "root.low=0 root.high=0", NULL},
    {"uint256_sqrt_felt", "n.low=0 n.high=0", "root=0", NULL},
    {"Uint256SquareRoot", "value_low=1 value_high=0",
     "sqrt0=1 sqrt1=0 remainder_low=0 remainder_high=0 sqrt_mul_2_minus_remainder_ge_u128=0",
     NULL},
    {"uint256_sqrt", "n.low=1 n.high=0", "root.low=1 root.high=0", NULL},
    {"uint256_sqrt_felt", "n.low=1 n.high=0", "root=1", NULL},
    {"Uint256SquareRoot",
     "value_low=0x49952399c4aaeac137dc76fb0f17a300 "
     "value_high=0x65dc9f503f63af83bd0561e6211c70cf",
     "sqrt0=0x6f96d418dca8ad49 sqrt1=0xa17b8a180e231b40 "
     "remainder_low=0x3541b911b19ad46f5b7cb851b1fbe42f remainder_high=1 "
     "sqrt_mul_2_minus_remainder_ge_u128=0",
     NULL},
    {"uint256_sqrt",
     "n.low=0x49952399c4aaeac137dc76fb0f17a300 n.high=0x65dc9f503f63af83bd0561e6211c70cf",
     "root.low=0xa17b8a180e231b406f96d418dca8ad49 root.high=0", NULL},
    {"uint256_sqrt_felt",
     "n.low=0x49952399c4aaeac137dc76fb0f17a300 n.high=0x65dc9f503f63af83bd0561e6211c70cf",
     "root=0xa17b8a180e231b406f96d418dca8ad49", NULL},
    {"Uint256SquareRoot",
     "value_low=0xffffffffffffffffffffffffffffffff "
     "value_high=0xffffffffffffffffffffffffffffffff",
     "sqrt0=0xffffffffffffffff sqrt1=0xffffffffffffffff "
     "remainder_low=0xfffffffffffffffffffffffffffffffe remainder_high=1 "
     "sqrt_mul_2_minus_remainder_ge_u128=0",
     NULL},
    {"uint256_sqrt",
     "n.low=0xffffffffffffffffffffffffffffffff n.high=0xffffffffffffffffffffffffffffffff",
     "root.low=0xffffffffffffffffffffffffffffffff root.high=0", NULL},
    {"uint256_sqrt_felt",
     "n.low=0xffffffffffffffffffffffffffffffff n.high=0xffffffffffffffffffffffffffffffff",
     "root=0xffffffffffffffffffffffffffffffff", NULL},
    {"Uint256SquareRoot", "value_low=0x7f1b103cdf1582b0eab477d26415479c value_high=0",
     "sqrt0=0xb462c89e55c9fd34 sqrt1=0 remainder_low=0x512eea1e45fd750c remainder_high=0 "
     "sqrt_mul_2_minus_remainder_ge_u128=0",
     NULL},
    {"uint256_sqrt", "n.low=0x7f1b103cdf1582b0eab477d26415479c n.high=0",
     "root.low=0xb462c89e55c9fd34 root.high=0", NULL},
    {"uint256_sqrt_felt", "n.low=0x7f1b103cdf1582b0eab477d26415479c n.high=0",
     "root=0xb462c89e55c9fd34", NULL},
    {"Uint256SquareRoot", "value_low=1 value_high=0xfffffffffffffffffffffffffffffffe",
     "sqrt0=0xffffffffffffffff sqrt1=0xffffffffffffffff remainder_low=0 remainder_high=0 "
     "sqrt_mul_2_minus_remainder_ge_u128=1",
     NULL},
    {"uint256_sqrt", "n.low=1 n.high=0xfffffffffffffffffffffffffffffffe",
     "root.low=0xffffffffffffffffffffffffffffffff root.high=0", NULL},
    {"uint256_sqrt_felt", "n.low=1 n.high=0xfffffffffffffffffffffffffffffffe",
     "root=0xffffffffffffffffffffffffffffffff", NULL},
    {"Uint256SquareRoot",
     "value_low=0x502358014b4e5a919d92f7d7c0c3fea9 "
     "value_high=0x4d4848b2a190148ce208680fb0e3d54c",
     "sqrt0=0x72fdf2022a96fb1a sqrt1=0x8ca8181166d22876 remainder_low=5 remainder_high=0 "
     "sqrt_mul_2_minus_remainder_ge_u128=1",
     NULL},
    {"uint256_sqrt",
     "n.low=0x502358014b4e5a919d92f7d7c0c3fea9 n.high=0x4d4848b2a190148ce208680fb0e3d54c",
     "root.low=0x8ca8181166d2287672fdf2022a96fb1a root.high=0", NULL},
    {"uint256_sqrt_felt",
     "n.low=0x502358014b4e5a919d92f7d7c0c3fea9 n.high=0x4d4848b2a190148ce208680fb0e3d54c",
     "root=0x8ca8181166d2287672fdf2022a96fb1a", NULL},
    {"LinearSplit", "value=0x64 scalar=7 max_x=0x3e8", "x=0xe y=2", NULL},
    {"LinearSplit", "value=0x64 scalar=7 max_x=3", "x=3 y=0x4f", NULL},
    {"LinearSplit",
     "value=0x11d1a698cdb305fdd2e16096e36aab0d1bc52d9230d977ee22571594720771f "
     "scalar=0x5bd86dfc891b4a6a50df4db4d66a3a max_x=0x1ea5bbeb616499c9e25a7605aec6f024",
     "x=0x1ea5bbeb616499c9e25a7605aec6f024 "
     "y=0x1121b96bed46546308834111edcb61fb94b20ac5667ae76acdec7b7408726f7",
     NULL},
    {"LinearSplit",
     "value=0xeeefa7a8948c893b61867626bb7dbd2d1c9af0153e7c2a26a2c0bd3b1287ff "
     "scalar=0x9d4c28c2e7c26847f0316909e max_x=0x43435cc2eae05cf",
     "x=0x43435cc2eae05cf y=0xeeefa7a8948c893b618675fd672b245cc3a9c5cf521078280107bf9b9c823d",
     NULL},
    {"LinearSplit", "value=1 scalar=0 max_x=1", NULL, "vm.hint.operand"},
    {"U256InvModN", "b0=3 b1=0 n0=7 n1=0",
     "g0_or_no_inv=0 s_or_r0=5 s_or_r1=0 t_or_k0=2 t_or_k1=0 g1_option=-", NULL},
    {"U256InvModN",
     "b0=0x6b4013ef254b0c4e010c4759482c9cbd b1=0x90fbbd119c1caaf75e8766ed88daf401 "
     "n0=0xb0c4312d20203626f3fe39c0519088f5 n1=0x9e1a8ef4f341e07a83f73f16dbf4a8b2",
     "g0_or_no_inv=0 s_or_r0=0x706a139b160862827927fc56e60f4e4b "
     "s_or_r1=0xbd59d68ba77d2062740600952ccfeb8 t_or_k0=0xffee569f2256172850d75bc552615926 "
     "t_or_k1=0xada330b9c34dc50cdb180c1a5bbe575 g1_option=-",
     NULL},
    {"U256InvModN",
     "b0=0xdd27a65bd628881ad1b72dba7abe1c2 b1=0xc7ac1491def88334e647cb8f74e69a5d "
     "n0=0xfffffffffffffffffffffffefffffc2f n1=0xffffffffffffffffffffffffffffffff",
     "g0_or_no_inv=0 s_or_r0=0xbe8da45281d4ca7d41b4a8e63e723d9c "
     "s_or_r1=0x12735ce863bc4a94b01e157fc6e5f49 t_or_k0=0xb230ea376086373a43c3390b95728679 "
     "t_or_k1=0xe64143698561baf4478165d0cf562a g1_option=-",
     NULL},
    {"U256InvModN", "b0=6 b1=0 n0=9 n1=0",
     "g0_or_no_inv=3 g1_option=0 s_or_r0=2 s_or_r1=0 t_or_k0=3 t_or_k1=0", NULL},
    {"U256InvModN", "b0=0xa b1=0 n0=0x18 n1=0",
     "g0_or_no_inv=2 g1_option=0 s_or_r0=5 s_or_r1=0 t_or_k0=0xc t_or_k1=0", NULL},
    {"U256InvModN", "b0=5 b1=0 n0=1 n1=0",
     "g0_or_no_inv=1 g1_option=0 s_or_r0=5 s_or_r1=0 t_or_k0=1 t_or_k1=0", NULL},
    {"U256InvModN", "b0=0 b1=0 n0=8 n1=0",
     "g0_or_no_inv=2 g1_option=0 s_or_r0=0 s_or_r1=0 t_or_k0=4 t_or_k1=0", NULL},
    {"U256InvModN", "b0=0 b1=0 n0=9 n1=0",
     "g0_or_no_inv=9 g1_option=0 s_or_r0=0 s_or_r1=0 t_or_k0=1 t_or_k1=0", NULL},
    {"U256InvModN",
     "b0=0x9882d3475c7456ffbfc03127e75da16c b1=0x66237a04cbcfc846c8e5e3471e58dd91 "
     "n0=0x44c19a16f68a28b83502d058c9ca195a n1=0x601fdef250cd06d10d",
     "g0_or_no_inv=2 g1_option=0 s_or_r0=0xcc4169a3ae3a2b7fdfe01893f3aed0b6 "
     "s_or_r1=0x3311bd0265e7e4236472f1a38f2c6ec8 t_or_k0=0xa260cd0b7b45145c1a81682c64e50cad "
     "t_or_k1=0x300fef792866836886",
     NULL},
    {"U256InvModN",
     "b0=0x9c01d6e221a68fa4c51fa3c4029d6653 b1=0x51aa61fec996f3e86b1 "
     "n0=0xe552b989233d60c9e3ed7c02caed87 n1=0x80944db7b798072f64a",
     "g0_or_no_inv=0xf g1_option=0 s_or_r0=0x70ccec313571810afc132d0d113db17d "
     "s_or_r1=0x571c2442f9298cb3a5 t_or_k0=0xf49c81a358ca00d75985d99c94309 "
     "t_or_k1=0x8926b94c7f9118bb16",
     NULL},
    {"U256InvModN",
     "b0=0x9d1de2a05d158a2ff2ee4e4519f9919c b1=0x353c631cdfd43f371200339d068739fa "
     "n0=0xa2607679d6050914a9d33a01d n1=0",
     "g0_or_no_inv=3 g1_option=0 s_or_r0=0x345f4b8ac9b1d8baa64f6f6c5dfddb34 "
     "s_or_r1=0x11becbb44a9c15125b556689acd7bdfe t_or_k0=0x3620277df201adb18df11355f t_or_k1=0",
     NULL},
    {"U256InvModN", "b0=1 b1=0 n0=0 n1=0", NULL, "vm.hint.operand"},
    {"uint256_add",
     "a.low=0x9a2ef80f58ee8571f4998d7c4093f6de b.low=0xfa529ba3fe3bfada7cf20724d953ee26 "
     "SHIFT=0x100000000000000000000000000000000 a.high=0x1d87cec31f7296ab7961fd925d39d0a8 "
     "b.high=0x4fd58dbe7bdc968b7afb2c68774b15d7",
     "carry_low=1 carry_high=0", NULL},
    {"uint256_add_low",
     "a.low=0x9a2ef80f58ee8571f4998d7c4093f6de b.low=0xfa529ba3fe3bfada7cf20724d953ee26 "
     "SHIFT=0x100000000000000000000000000000000",
     "carry_low=1", NULL},
    {"uint128_add",
     "a=0x9a2ef80f58ee8571f4998d7c4093f6de b=0xfa529ba3fe3bfada7cf20724d953ee26 "
     "SHIFT=0x100000000000000000000000000000000",
     "carry=1", NULL},
    {"uint256_sub",
     "a.low=0x9a2ef80f58ee8571f4998d7c4093f6de a.high=0x1d87cec31f7296ab7961fd925d39d0a8 "
     "b.low=0xfa529ba3fe3bfada7cf20724d953ee26 b.high=0x4fd58dbe7bdc968b7afb2c68774b15d7",
     "res.low=0x9fdc5c6b5ab28a9777a78657674008b8 res.high=0xcdb24104a396001ffe66d129e5eebad0",
     NULL},
    {"uint256_add",
     "a.low=0xffffffffffffffffffffffffffffffff b.low=1 "
     "SHIFT=0x100000000000000000000000000000000 a.high=0xffffffffffffffffffffffffffffffff "
     "b.high=0",
     "carry_low=1 carry_high=1", NULL},
    {"uint256_add_low",
     "a.low=0xffffffffffffffffffffffffffffffff b.low=1 "
     "SHIFT=0x100000000000000000000000000000000",
     "carry_low=1", NULL},
    {"uint128_add",
     "a=0xffffffffffffffffffffffffffffffff b=1 SHIFT=0x100000000000000000000000000000000",
     "carry=1", NULL},
    {"uint256_sub",
     "a.low=0xffffffffffffffffffffffffffffffff a.high=0xffffffffffffffffffffffffffffffff "
     "b.low=1 b.high=0",
     "res.low=0xfffffffffffffffffffffffffffffffe res.high=0xffffffffffffffffffffffffffffffff",
     NULL},
    {"uint256_add",
     "a.low=5 b.low=6 SHIFT=0x100000000000000000000000000000000 a.high=0 b.high=0",
     "carry_low=0 carry_high=0", NULL},
    {"uint256_add_low", "a.low=5 b.low=6 SHIFT=0x100000000000000000000000000000000",
     "carry_low=0", NULL},
    {"uint128_add", "a=5 b=6 SHIFT=0x100000000000000000000000000000000", "carry=0", NULL},
    {"uint256_sub", "a.low=5 a.high=0 b.low=6 b.high=0",
     "res.low=0xffffffffffffffffffffffffffffffff res.high=0xffffffffffffffffffffffffffffffff",
     NULL},
    {"uint256_add",
     "a.low=0xffffffffffffffffffffffffffffffff b.low=3 "
     "SHIFT=0x100000000000000000000000000000000 a.high=0 b.high=1",
     "carry_low=1 carry_high=0", NULL},
    {"uint256_add_low",
     "a.low=0xffffffffffffffffffffffffffffffff b.low=3 "
     "SHIFT=0x100000000000000000000000000000000",
     "carry_low=1", NULL},
    {"uint128_add",
     "a=0xffffffffffffffffffffffffffffffff b=3 SHIFT=0x100000000000000000000000000000000",
     "carry=1", NULL},
    {"uint256_sub", "a.low=0xffffffffffffffffffffffffffffffff a.high=0 b.low=3 b.high=1",
     "res.low=0xfffffffffffffffffffffffffffffffc res.high=0xffffffffffffffffffffffffffffffff",
     NULL},
    {"uint256_signed_nn", "a.high=0", "[ap]=1", NULL},
    {"uint256_signed_nn", "a.high=0x7fffffffffffffffffffffffffffffff", "[ap]=1", NULL},
    {"uint256_signed_nn", "a.high=0x80000000000000000000000000000000", "[ap]=0", NULL},
    {"uint256_signed_nn", "a.high=0x100000000000000000000000000000000", "[ap]=0", NULL},
    {"uint256_signed_nn",
     "a.high=0x800000000000011000000000000000000000000000000000000000000000000", "[ap]=0",
     NULL},
    {"uint256_mul_div_mod",
     "a.low=0xbfeaa1551a28f7b324e4e25a15fc899e a.high=0x7a86f7a243c71b9abd87a86557b6fb7e "
     "b.low=0x842e7fc229540a6eb12aa1f6d42fddbb b.high=0xf3b7a50df373ca533488f87605e999f3 "
     "div.low=0xb0a844e52587be6b5c9bcf35873be078 div.high=0xc215a82a06ec41adea0575438b0d590b",
     "quotient_low.low=0xc1e5c22a0fa57bb8dc1f99d71c167907 "
     "quotient_low.high=0x99dc5ce34281837935227c68e06c0640 quotient_high.low=0 "
     "quotient_high.high=0 remainder.low=0x9db5992bf084cc19f6ec8414c43c1122 "
     "remainder.high=0x9f04f43fd1f0c3eed0df9797b2b80d5d",
     NULL},
    {"uint256_mul_div_mod",
     "a.low=0xffffffffffffffffffffffffffffffff a.high=0xffffffffffffffffffffffffffffffff "
     "b.low=0xffffffffffffffffffffffffffffffff b.high=0xffffffffffffffffffffffffffffffff "
     "div.low=5 div.high=0",
     "quotient_low.low=0xcccccccccccccccccccccccccccccccd "
     "quotient_low.high=0xcccccccccccccccccccccccccccccccc "
     "quotient_high.low=0x33333333333333333333333333333332 "
     "quotient_high.high=0x33333333333333333333333333333333 remainder.low=0 remainder.high=0",
     NULL},
    {"uint256_mul_div_mod", "a.low=3 a.high=0 b.low=4 b.high=0 div.low=5 div.high=0",
     "quotient_low.low=2 quotient_low.high=0 quotient_high.low=0 quotient_high.high=0 "
     "remainder.low=2 remainder.high=0",
     NULL},
    {"bigint_to_uint256",
     "x.d0=0x3f0eab4c4f9b0687322e25 x.d1=0xd86f40ec8e7cf1c5d31de8b740b7a4a9258da8be9 "
     "BASE=0x4000000000000000000000",
     "low=0xa49636a2fa7f0eab4c4f9b0687322e25", NULL},
    {"bigint_to_uint256",
     "x.d0=0x20099784b5a81842d87208 x.d1=0x16c0ab0d111ba20e875177 "
     "BASE=0x4000000000000000000000",
     "low=0xe883a1d45de0099784b5a81842d87208", NULL},
};

static void computes_with_felts(void **state)
{
    (void)state;
    bench_check_all(felts, COUNT(felts));
}

static void computes_with_integers(void **state)
{
    (void)state;
    bench_check_all(integers, COUNT(integers));
}

/* The two short arcs are used, the long one is not. */
static void tells_which_arc_is_excluded(void **state)
{
    static const struct {
        const char *before;
        uint32_t excluded;
    } cases[] = {
        {"a=-5 b=-3 range_check_ptr=2:0", 0},
        {"a=5 b=-3 range_check_ptr=2:0", 1},
        {"a=5 b=6 range_check_ptr=2:0", 2},
    };
    static const char *const after[][2] = {
        {"skip_exclude_a_flag=0", "skip_exclude_b_minus_a=1"},
        {"skip_exclude_a_flag=1", "skip_exclude_b_minus_a=0"},
        {"skip_exclude_a_flag=1", "skip_exclude_b_minus_a=1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bench *b       = bench_new(SAGE_PROGRAM_CAIRO1);
        uint32_t find  = bench_add(b, "AssertLeFindSmallArcs");
        uint32_t one   = bench_add(b, "AssertLeIsFirstArcExcluded");
        uint32_t other = bench_add(b, "AssertLeIsSecondArcExcluded");
        uint32_t third = bench_add(b, "AssertLeAssertThirdArcExcluded");
        bench_prepare(b);
        bench_set(b, cases[i].before);
        assert_int_equal(bench_run(b, find), SAGE_OK);
        assert_int_equal(bench_run(b, one), SAGE_OK);
        assert_int_equal(bench_run(b, other), SAGE_OK);
        assert_false(sage_hints_at(b->state, third));
        bench_expect(b, after[cases[i].excluded][0]);
        bench_expect(b, after[cases[i].excluded][1]);
        bench_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes_with_felts),
        cmocka_unit_test(computes_with_integers),
        cmocka_unit_test(tells_which_arc_is_excluded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
