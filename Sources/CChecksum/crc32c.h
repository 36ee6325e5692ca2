// CRC-32C by the processor's own instruction, which Swift cannot name: eight bytes a step.
#ifndef HIGHLAND_CCHECKSUM_H
#define HIGHLAND_CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#define CRC32C_TARGET __attribute__((target("sse4.2")))
#define CRC32C_EIGHT_BYTES(state, word) ((uint32_t)__builtin_ia32_crc32di(state, word))
#define CRC32C_BYTE(state, byte) __builtin_ia32_crc32qi(state, byte)
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#define CRC32C_TARGET
#define CRC32C_EIGHT_BYTES(state, word) __builtin_arm_crc32cd(state, word)
#define CRC32C_BYTE(state, byte) __builtin_arm_crc32cb(state, byte)
#endif

// Whether the processor that runs this has the instruction. Asks it each time: keep the answer.
static inline int crc32c_has_instruction(void) {
#if defined(__x86_64__)
    unsigned int a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2) != 0;
#elif defined(CRC32C_TARGET)
    return 1;
#else
    return 0;
#endif
}

// The state after `count` more bytes; state and result are not inverted. Only where `crc32c_has_instruction`.
#ifdef CRC32C_TARGET
CRC32C_TARGET
#endif
static inline uint32_t crc32c_by_instruction(uint32_t state, const void *bytes, size_t count) {
#ifdef CRC32C_TARGET
    const unsigned char *next = (const unsigned char *)bytes;
    uint64_t word;
#pragma clang loop unroll_count(4)
    for (; count >= 8; next += 8, count -= 8) {
        memcpy(&word, next, 8);
        state = CRC32C_EIGHT_BYTES(state, word);
    }
    for (; count > 0; next++, count--) state = CRC32C_BYTE(state, *next);
#else
    (void)bytes;
    (void)count;
#endif
    return state;
}

#endif
