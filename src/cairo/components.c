/* cairo/components.c -- the components of the Cairo AIR in claim order (facts B1). */
#include "cairo/components.h"

#define PRE_NONE          SAGE_CAIRO_PRE_NONE
#define PRE_XOR_4         SAGE_CAIRO_PRE_XOR_4
#define PRE_XOR_7         SAGE_CAIRO_PRE_XOR_7
#define PRE_XOR_8         SAGE_CAIRO_PRE_XOR_8
#define PRE_XOR_9         SAGE_CAIRO_PRE_XOR_9
#define PRE_XOR_10        SAGE_CAIRO_PRE_XOR_10
#define PRE_RC_4_3        SAGE_CAIRO_PRE_RC_4_3
#define PRE_RC_4_4        SAGE_CAIRO_PRE_RC_4_4
#define PRE_RC_9_9        SAGE_CAIRO_PRE_RC_9_9
#define PRE_RC_7_2_5      SAGE_CAIRO_PRE_RC_7_2_5
#define PRE_RC_3_6_6_3    SAGE_CAIRO_PRE_RC_3_6_6_3
#define PRE_RC_4_4_4_4    SAGE_CAIRO_PRE_RC_4_4_4_4
#define PRE_RC_3_3_3_3_3  SAGE_CAIRO_PRE_RC_3_3_3_3_3
#define PRE_POSEIDON_KEYS SAGE_CAIRO_PRE_POSEIDON_KEYS
#define PRE_SIGMA         SAGE_CAIRO_PRE_SIGMA
#define PRE_PEDERSEN_18   SAGE_CAIRO_PRE_PEDERSEN_18
#define PRE_PEDERSEN_9    SAGE_CAIRO_PRE_PEDERSEN_9

/* name, fixed log size, trace columns, interaction columns, reads seq of its size, table */
const sage_cairo_component sage_cairo_components[SAGE_CAIRO_COMPONENTS] = {
    {"add_opcode", 0, 103, 20, 0, PRE_NONE},
    {"add_opcode_small", 0, 39, 20, 0, PRE_NONE},
    {"add_ap_opcode", 0, 17, 16, 0, PRE_NONE},
    {"assert_eq_opcode", 0, 12, 12, 0, PRE_NONE},
    {"assert_eq_opcode_imm", 0, 9, 12, 0, PRE_NONE},
    {"assert_eq_opcode_double_deref", 0, 19, 16, 0, PRE_NONE},
    {"blake_compress_opcode", 0, 174, 148, 1, PRE_NONE},
    {"call_opcode_abs", 0, 25, 20, 0, PRE_NONE},
    {"call_opcode_rel_imm", 0, 24, 20, 0, PRE_NONE},
    {"generic_opcode", 0, 243, 136, 0, PRE_NONE},
    {"jnz_opcode_non_taken", 0, 9, 12, 0, PRE_NONE},
    {"jnz_opcode_taken", 0, 47, 16, 0, PRE_NONE},
    {"jump_opcode_abs", 0, 14, 12, 0, PRE_NONE},
    {"jump_opcode_double_deref", 0, 21, 16, 0, PRE_NONE},
    {"jump_opcode_rel", 0, 16, 12, 0, PRE_NONE},
    {"jump_opcode_rel_imm", 0, 13, 12, 0, PRE_NONE},
    {"mul_opcode", 0, 130, 76, 0, PRE_NONE},
    {"mul_opcode_small", 0, 37, 24, 0, PRE_NONE},
    {"qm_31_add_mul_opcode", 0, 73, 24, 0, PRE_NONE},
    {"ret_opcode", 0, 16, 16, 0, PRE_NONE},
    {"verify_instruction", 0, 17, 12, 0, PRE_NONE},
    {"blake_round", 0, 212, 120, 0, PRE_NONE},
    {"blake_g", 0, 53, 36, 0, PRE_NONE},
    {"blake_round_sigma", 4, 1, 4, 1, PRE_SIGMA},
    {"triple_xor_32", 0, 21, 20, 0, PRE_NONE},
    {"verify_bitwise_xor_12", 20, 16, 32, 0, PRE_XOR_10},
    {"add_mod_builtin", 0, 267, 108, 1, PRE_NONE},
    {"bitwise_builtin", 0, 89, 76, 1, PRE_NONE},
    {"mul_mod_builtin", 0, 426, 376, 1, PRE_NONE},
    {"pedersen_builtin", 0, 3, 8, 1, PRE_NONE},
    {"pedersen_builtin_narrow_windows", 0, 3, 8, 1, PRE_NONE},
    {"poseidon_builtin", 0, 6, 16, 1, PRE_NONE},
    {"range_check96_builtin", 0, 12, 8, 1, PRE_NONE},
    {"range_check_builtin", 0, 17, 4, 1, PRE_NONE},
    {"ec_op_builtin", 0, 273, 36, 1, PRE_NONE},
    {"partial_ec_mul_generic", 0, 624, 628, 0, PRE_NONE},
    {"pedersen_aggregator_window_bits_18", 0, 206, 24, 1, PRE_NONE},
    {"partial_ec_mul_window_bits_18", 0, 297, 260, 0, PRE_NONE},
    {"pedersen_points_table_window_bits_18", 23, 1, 4, 1, PRE_PEDERSEN_18},
    {"pedersen_aggregator_window_bits_9", 0, 234, 24, 1, PRE_NONE},
    {"partial_ec_mul_window_bits_9", 0, 311, 260, 0, PRE_NONE},
    {"pedersen_points_table_window_bits_9", 15, 1, 4, 1, PRE_PEDERSEN_9},
    {"poseidon_aggregator", 0, 342, 56, 1, PRE_NONE},
    {"poseidon_3_partial_rounds_chain", 0, 169, 36, 0, PRE_NONE},
    {"poseidon_full_round_chain", 0, 126, 24, 0, PRE_NONE},
    {"cube_252", 0, 141, 200, 0, PRE_NONE},
    {"poseidon_round_keys", 6, 1, 4, 1, PRE_POSEIDON_KEYS},
    {"range_check_252_width_27", 0, 20, 32, 0, PRE_NONE},
    {"memory_address_to_id", 0, 32, 32, 1, PRE_NONE},
    {"memory_id_to_big", 0, 29, 32, 1, PRE_NONE},
    {"memory_id_to_small", 0, 9, 12, 1, PRE_NONE},
    {"range_check_6", 6, 1, 4, 1, PRE_NONE},
    {"range_check_8", 8, 1, 4, 1, PRE_NONE},
    {"range_check_11", 11, 1, 4, 1, PRE_NONE},
    {"range_check_12", 12, 1, 4, 1, PRE_NONE},
    {"range_check_18", 18, 2, 4, 1, PRE_NONE},
    {"range_check_20", 20, 8, 16, 1, PRE_NONE},
    {"range_check_4_3", 7, 1, 4, 0, PRE_RC_4_3},
    {"range_check_4_4", 8, 1, 4, 0, PRE_RC_4_4},
    {"range_check_9_9", 18, 8, 16, 0, PRE_RC_9_9},
    {"range_check_7_2_5", 14, 1, 4, 0, PRE_RC_7_2_5},
    {"range_check_3_6_6_3", 18, 1, 4, 0, PRE_RC_3_6_6_3},
    {"range_check_4_4_4_4", 16, 1, 4, 0, PRE_RC_4_4_4_4},
    {"range_check_3_3_3_3_3", 15, 1, 4, 0, PRE_RC_3_3_3_3_3},
    {"verify_bitwise_xor_4", 8, 1, 4, 0, PRE_XOR_4},
    {"verify_bitwise_xor_7", 14, 1, 4, 0, PRE_XOR_7},
    {"verify_bitwise_xor_8", 16, 2, 4, 0, PRE_XOR_8},
    {"verify_bitwise_xor_9", 18, 1, 4, 0, PRE_XOR_9},
};
