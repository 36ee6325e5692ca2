// Octets looked at many at once, where Swift's own vectors compile to loops over single ones. In every mask bit n
// stands for octet n behind `place`. Nothing here checks a bound: callers vouch for the octets they name.
#ifndef HIGHLAND_COCTETS_H
#define HIGHLAND_COCTETS_H

#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define OCTETS_INLINE static inline __attribute__((always_inline))

// Asks for the memory behind `place`, which will be read soon; any address may be given.
OCTETS_INLINE void octets_prefetch(const void *place) { __builtin_prefetch(place); }
// The same `offset` behind the start of an array.
OCTETS_INLINE void octets_prefetchIn(const void *start, long offset) {
    __builtin_prefetch((const void *)((unsigned long)start + (unsigned long)offset));
}

// `count` bytes from there on, a line of the cache at a time.
OCTETS_INLINE void octets_prefetchAll(const void *start, long offset, long count) {
    for (long line = 0; line < count; line += 64) octets_prefetchIn(start, offset + line);
}

// Sixteen octets; a comparison gives 0 or 255 in each.
typedef uint8_t octets16 __attribute__((vector_size(16)));

OCTETS_INLINE octets16 octets_load(const void *place) {
    octets16 octets;
    memcpy(&octets, place, sizeof octets);
    return octets;
}

// One bit for each octet of a comparison's result.
OCTETS_INLINE uint64_t octets_bits(octets16 matches) {
#if defined(__SSE2__)
    return (uint32_t)_mm_movemask_epi8((__m128i)matches);
#else
    uint64_t half[2];
    memcpy(half, &matches, sizeof half);
    // Little-endian: the multiplication gathers one bit of each octet in the top one.
    uint64_t low = ((half[0] & 0x0101010101010101) * 0x0102040810204080) >> 56;
    uint64_t high = ((half[1] & 0x0101010101010101) * 0x0102040810204080) >> 56;
    return low | high << 8;
#endif
}

OCTETS_INLINE octets16 octets_are(octets16 octets, uint8_t octet) { return (octets16)(octets == octet); }

OCTETS_INLINE octets16 octets_within(octets16 octets, uint8_t first, uint8_t last) {
    return (octets16)((octets - first) <= (uint8_t)(last - first));
}

// What is no printable ASCII.
OCTETS_INLINE octets16 octets_odd(octets16 octets) { return (octets16)((octets - (uint8_t)0x20) > (uint8_t)0x5E); }

// The masks of four times sixteen octets as one.
#define OCTETS_GATHER(place, octets, matches)                                                                          \
    ({                                                                                                                 \
        uint64_t gathered = 0;                                                                                         \
        _Pragma("clang loop unroll(full)") for (int part = 0; part < 4; part++) {                                      \
            octets16 octets = octets_load((const char *)(place) + 16 * part);                                          \
            gathered |= octets_bits(matches) << (16 * part);                                                           \
        }                                                                                                              \
        gathered;                                                                                                      \
    })

// 64 octets of a query string.
struct octets_query {
    uint64_t ampersands;
    // `&` and `=`
    uint64_t ends;
    // `%`, `+`, and what is no printable ASCII
    uint64_t odd;
};

OCTETS_INLINE struct octets_query octets64_query(const void *place) {
    struct octets_query masks;
    masks.ampersands = OCTETS_GATHER(place, octets, octets_are(octets, '&'));
    masks.ends = masks.ampersands | OCTETS_GATHER(place, octets, octets_are(octets, '='));
    masks.odd = OCTETS_GATHER(
        place, octets, octets_are(octets, '%') | octets_are(octets, '+') | octets_odd(octets));
    return masks;
}

OCTETS_INLINE uint64_t octets64_either(const void *place, uint8_t first, uint8_t second) {
    return OCTETS_GATHER(place, octets, octets_are(octets, first) | octets_are(octets, second));
}

OCTETS_INLINE int octets64_has(const void *place, uint8_t octet) {
    return octets_bits(
               octets_are(octets_load(place), octet) | octets_are(octets_load((const char *)place + 16), octet)
               | octets_are(octets_load((const char *)place + 32), octet)
               | octets_are(octets_load((const char *)place + 48), octet))
        != 0;
}

// What is no printable ASCII, among 64 octets.
OCTETS_INLINE uint64_t octets64_odd(const void *place) { return OCTETS_GATHER(place, octets, octets_odd(octets)); }

// Control characters: below 0x20, and 0x7F.
OCTETS_INLINE octets16 octets_controls(octets16 octets) {
    return octets_within(octets, 0, 0x1F) | octets_are(octets, 0x7F);
}

OCTETS_INLINE uint64_t octets64_controls(const void *place) {
    return OCTETS_GATHER(place, octets, octets_controls(octets));
}

// Whether there is any among 64 octets: cheaper than their places.
OCTETS_INLINE int octets64_hasControls(const void *place) {
    return octets_bits(
               octets_controls(octets_load(place)) | octets_controls(octets_load((const char *)place + 16))
               | octets_controls(octets_load((const char *)place + 32))
               | octets_controls(octets_load((const char *)place + 48)))
        != 0;
}

// Where, among sixteen octets, stands what ends a string of plain ASCII: quote, backslash, and what is no printable ASCII.
OCTETS_INLINE uint32_t octets16_stringEnds(const void *place) {
    octets16 octets = octets_load(place);
    return (uint32_t)octets_bits(octets_are(octets, '"') | octets_are(octets, '\\') | octets_odd(octets));
}

// Where, among sixteen octets, letters and hyphens stand.
OCTETS_INLINE uint32_t octets16_words(const void *place) {
    octets16 octets = octets_load(place);
    return (uint32_t)octets_bits(octets_within(octets | (uint8_t)0x20, 'a', 'z') | octets_are(octets, '-'));
}

// `/`, `\`, `?`, `#` and `@`, among 64 octets.
OCTETS_INLINE uint64_t octets64_authority(const void *place) {
    return OCTETS_GATHER(
        place, octets,
        octets_are(octets, '/') | octets_are(octets, '\\') | octets_are(octets, '?') | octets_are(octets, '#')
            | octets_are(octets, '@'));
}

// Free text, by what a search for addresses, numbers and secrets asks first.
struct octets_text {
    uint64_t digits;
    uint64_t letters;
    // `-` and `_`
    uint64_t joints;
    // `@`, `:`, `J`, `%`, `?` and `#`
    uint64_t marks;
    // `+` and `(`
    uint64_t signs;
};

OCTETS_INLINE octets16 octets_letters(octets16 octets) { return octets_within(octets | (uint8_t)0x20, 'a', 'z'); }

OCTETS_INLINE octets16 octets_joints(octets16 octets) { return octets_are(octets, '-') | octets_are(octets, '_'); }

OCTETS_INLINE octets16 octets_signs(octets16 octets) { return octets_are(octets, '+') | octets_are(octets, '('); }

OCTETS_INLINE octets16 octets_marks(octets16 octets) {
    return octets_are(octets, '@') | octets_are(octets, ':') | octets_are(octets, 'J') | octets_are(octets, '%')
        | octets_are(octets, '?') | octets_are(octets, '#');
}

OCTETS_INLINE struct octets_text octets16_text(const void *place) {
    octets16 octets = octets_load(place);
    struct octets_text masks;
    masks.digits = octets_bits(octets_within(octets, '0', '9'));
    masks.letters = octets_bits(octets_letters(octets));
    masks.joints = octets_bits(octets_joints(octets));
    masks.marks = octets_bits(octets_marks(octets));
    masks.signs = octets_bits(octets_signs(octets));
    return masks;
}

OCTETS_INLINE struct octets_text octets64_text(const void *place) {
    struct octets_text masks;
    masks.digits = OCTETS_GATHER(place, octets, octets_within(octets, '0', '9'));
    masks.letters = OCTETS_GATHER(place, octets, octets_letters(octets));
    masks.joints = OCTETS_GATHER(place, octets, octets_joints(octets));
    masks.marks = OCTETS_GATHER(place, octets, octets_marks(octets));
    masks.signs = OCTETS_GATHER(place, octets, octets_signs(octets));
    return masks;
}

// The digits and what else a short text must hold in which there is something to find: `marks` and `signs`.
OCTETS_INLINE uint32_t octets16_striking(const void *place) {
    octets16 octets = octets_load(place);
    return (uint32_t)octets_bits(octets_within(octets, '0', '9') | octets_marks(octets) | octets_signs(octets));
}

// The capital letters among 64 octets.
OCTETS_INLINE uint64_t octets64_capitals(const void *place) {
    return OCTETS_GATHER(place, octets, octets_within(octets, 'A', 'Z'));
}

// The letters from a to f, in either case, among 64 octets.
OCTETS_INLINE uint64_t octets64_hexLetters(const void *place) {
    return OCTETS_GATHER(place, octets, octets_within(octets | (uint8_t)0x20, 'a', 'f'));
}

// Copies sixteen octets, `flip` applied to each `+`; gives where a `%` stands.
OCTETS_INLINE uint32_t octets16_copyEncoded(const void *source, void *target, uint8_t flip) {
    octets16 octets = octets_load(source);
    octets ^= octets_are(octets, '+') & flip;
    memcpy(target, &octets, sizeof octets);
    return (uint32_t)octets_bits(octets_are(octets, '%'));
}

// 0 to 15, or 255 for what is no hexadecimal digit.
OCTETS_INLINE uint8_t octets_hex(uint8_t octet) {
    static const uint8_t values[256] = {
        [0 ... 255] = 255, ['0'] = 0,  ['1'] = 1,  ['2'] = 2,  ['3'] = 3,  ['4'] = 4,  ['5'] = 5,  ['6'] = 6,
        ['7'] = 7,         ['8'] = 8,  ['9'] = 9,  ['A'] = 10, ['B'] = 11, ['C'] = 12, ['D'] = 13, ['E'] = 14,
        ['F'] = 15,        ['a'] = 10, ['b'] = 11, ['c'] = 12, ['d'] = 13, ['e'] = 14, ['f'] = 15,
    };
    return values[octet];
}

// Whether two texts of `count` octets are the same.
OCTETS_INLINE int octets_same(const void *left, const void *right, uint64_t count) {
    return memcmp(left, right, count) == 0;
}

#undef OCTETS_GATHER
#undef OCTETS_INLINE
#endif
