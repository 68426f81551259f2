/* vm/load_pie.c -- Cairo PIE: a zip file of version.json, metadata.json, memory.bin and more
 * (facts D). Its program comes without hints, so what is read here can be looked at and taken
 * apart, not run again. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/bytes.h"
#include "vm/load.h"
#include "vm/pie.h"

/* A file in the zip is at most UNPACKED times as long as the zip, plus SPARE. */
enum { UNPACKED = 64, SPARE = 1 << 20 };
enum { RECORD = 40, ADDRESS = 8, SEGMENT_BITS = 16, OFFSET_BITS = 47 };

typedef struct archive {
    zip_t *zip;
    size_t max;
    sage_errinfo *err;
} archive;

static sage_status
bad(sage_errinfo *err, sage_status code, long long at, const char *what, const char *name)
{
    return sage_fail(err, code, "program.pie", at, "%s %s", name, what);
}

static sage_status open_archive(archive *a, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    zip_error_t why;
    *a = (archive){.max = UNPACKED * len + SPARE, .err = err};
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &why);
    if (source) a->zip = zip_open_from_source(source, ZIP_RDONLY, &why);
    if (!a->zip) zip_source_free(source);
    bool memory = zip_error_code_zip(&why) == ZIP_ER_MEMORY;
    zip_error_fini(&why);
    if (a->zip) return SAGE_OK;
    if (memory)
        return sage_fail(err, SAGE_ENOMEM, "program.memory", -1, "no memory for a zip file");
    return bad(err, SAGE_EFORMAT, -1, "is no sound zip file", "the Cairo PIE");
}

/* Every byte and the check sum; the file's own word for its length decides nothing. */
static sage_status
read_all(archive *a, zip_file_t *file, const char *name, uint8_t *bytes, size_t n)
{
    uint8_t more;
    size_t got = 0;
    while (got < n) {
        zip_int64_t k = zip_fread(file, bytes + got, n - got);
        if (k <= 0) return bad(a->err, SAGE_EFORMAT, (long long)got, "is broken", name);
        got += (size_t)k;
    }
    if (zip_fread(file, &more, 1) != 0)
        return bad(a->err, SAGE_EFORMAT, (long long)got, "is broken at its end", name);
    return SAGE_OK;
}

static sage_status check_entry(archive *a, const char *name, zip_stat_t *st)
{
    const zip_uint64_t need = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat(a->zip, name, 0, st))
        return bad(a->err, SAGE_EFORMAT, -1, "is missing in the Cairo PIE", name);
    if ((st->valid & need) != need) return bad(a->err, SAGE_EFORMAT, -1, "has no size", name);
    if (st->encryption_method != ZIP_EM_NONE ||
        (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE))
        return bad(a->err, SAGE_EUNSUP, -1, "is neither stored nor deflated", name);
    if (st->size > a->max)
        return bad(a->err, SAGE_ELIMIT, -1, "would be far larger than the file it came in",
                   name);
    return SAGE_OK;
}

/* *bytes is the caller's to free, NULL on error. */
static sage_status read_entry(archive *a, const char *name, uint8_t **bytes, size_t *len)
{
    zip_stat_t st;
    *bytes        = NULL;
    sage_status s = check_entry(a, name, &st);
    if (s) return s;
    zip_file_t *file = zip_fopen(a->zip, name, 0);
    if (!file) return bad(a->err, SAGE_EFORMAT, -1, "cannot be unpacked", name);
    *len   = (size_t)st.size;
    *bytes = malloc(*len + 1);
    s      = *bytes ? read_all(a, file, name, *bytes, *len)
                    : sage_fail(a->err, SAGE_ENOMEM, "program.memory", -1, "no memory for %s", name);
    (void)zip_fclose(file);
    if (s) {
        free(*bytes);
        *bytes = NULL;
    }
    return s;
}

static sage_status judge_version(sage_json_in *c)
{
    static const char *const keys[] = {"cairo_pie"};
    const char *text;
    size_t n;
    sage_json_in version;
    sage_status s = sage_json_in_members(c, keys, 1, &version);
    if (!s) s = sage_json_in_end(c);
    if (!s) s = sage_json_in_string(&version, &text, &n);
    if (s) return s;
    if (n == 3 && (!memcmp(text, "1.0", 3) || !memcmp(text, "1.1", 3))) return SAGE_OK;
    return sage_fail(c->err, SAGE_EUNSUP, "program.version", 0,
                     "a Cairo PIE of version %.*s; 1.0 and 1.1 are read", n < 40 ? (int)n : 40,
                     text);
}

static sage_status check_version(archive *a)
{
    uint8_t *bytes;
    size_t len;
    sage_status s = read_entry(a, "version.json", &bytes, &len);
    if (s) return s;
    sage_json_in c = {.text = (const char *)bytes, .len = len, .err = a->err};
    s              = judge_version(&c);
    free(bytes);
    return s;
}

/* --- the program --- */

static sage_status read_program(loader *l, sage_json_in *c)
{
    static const char *const keys[] = {"prime", "data", "builtins", "main"};
    sage_json_in part[4];
    const char *digits;
    size_t n;
    uint64_t main = 0;
    sage_status s = sage_json_in_pick(c, keys, 4, part);
    if (s) return s;
    for (int i = 0; i < 4; i++)
        if (!part[i].text)
            return bad(l->err, SAGE_EFORMAT, (long long)c->at, "has a program without it",
                       keys[i]);
    s = sage_json_in_digits(&part[0], &digits, &n);
    if (!s) s = load_prime(l, &part[0], digits, n);
    if (!s) s = load_data(l, &part[1]);
    if (!s) s = load_builtins(l, &part[2]);
    if (!s) s = sage_json_in_number(&part[3], SAGE_PROGRAM_MAX_DATA, &main, "program.entry");
    if (!s && main >= l->p->n_data)
        s = sage_fail(l->err, SAGE_EFORMAT, "program.entry", (long long)main,
                      "main is at pc %llu, the program ends at %u", (unsigned long long)main,
                      l->p->n_data);
    l->p->main = l->p->start = l->p->end = (uint32_t)main;
    return s;
}

static sage_status read_metadata(loader *l, archive *a)
{
    static const char *const keys[] = {"program"};
    uint8_t *bytes;
    size_t len;
    sage_json_in program;
    sage_status s = read_entry(a, "metadata.json", &bytes, &len);
    if (s) return s;
    sage_json_in c = {.text = (const char *)bytes, .len = len, .err = l->err};
    s              = sage_json_in_pick(&c, keys, 1, &program);
    if (!s) s = sage_json_in_end(&c);
    if (!s && !program.text)
        s = bad(l->err, SAGE_EFORMAT, 0, "has no program", "metadata.json");
    if (!s) s = read_program(l, &program);
    free(bytes);
    return s;
}

sage_status load_pie(loader *l, const uint8_t *bytes, size_t len)
{
    archive a;
    l->p->form    = SAGE_PROGRAM_PIE;
    sage_status s = open_archive(&a, bytes, len, l->err);
    if (s) return s;
    s = check_version(&a);
    if (!s) s = read_metadata(l, &a);
    zip_discard(a.zip);
    if (!s && l->entry)
        s = sage_fail(l->err, SAGE_EUNSUP, "program.entry", -1,
                      "a Cairo PIE has one entry only");
    return s;
}

/* --- its memory: records of an address and a value, 2^63 | segment << 47 | offset --- */

static bool split_address(uint64_t word, sage_address *out)
{
    uint64_t offset = word & (((uint64_t)1 << OFFSET_BITS) - 1);
    *out = (sage_address){(uint32_t)(word >> OFFSET_BITS & ((1u << SEGMENT_BITS) - 1)),
                          (uint32_t)offset};
    return word >> 63 && offset < SAGE_MEMORY_MAX_OFFSET;
}

/* A felt, or with its top bit set an address in the low 63 bits. */
static bool read_value(const uint8_t *bytes, sage_value *out)
{
    sage_value v;
    for (int i = 0; i < 4; i++)
        v.l[i] = sage_load_le64(bytes + 8 * i);
    if (v.l[3] >> 63) {
        sage_address at;
        if (v.l[1] | v.l[2] | (v.l[3] << 1) | v.l[0] >> 63) return false;
        if (!split_address(v.l[0] | (uint64_t)1 << 63, &at)) return false;
        *out = sage_value_from_address(at);
        return true;
    }
    return sage_value_from_limbs(out, v.l);
}

static sage_status add_record(sage_memory *m, const uint8_t *record, sage_errinfo *err)
{
    sage_address at;
    sage_value v;
    uint32_t segment;
    sage_status s = SAGE_OK;
    if (!split_address(sage_load_le64(record), &at))
        return bad(err, SAGE_EFORMAT, -1, "has an address that is none", "memory.bin");
    if (!read_value(record + ADDRESS, &v))
        return bad(err, SAGE_EFORMAT, -1, "has a value that is none", "memory.bin");
    while (!s && m->n <= at.segment)
        s = sage_memory_add(m, &segment, err);
    return s ? s : sage_memory_set(m, at, v, err);
}

static sage_status fill(sage_memory *m, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    sage_status s = SAGE_OK;
    if (len % RECORD)
        return bad(err, SAGE_EFORMAT, (long long)len, "ends inside a record", "memory.bin");
    for (size_t i = 0; !s && i < len / RECORD; i++) {
        s = add_record(m, bytes + i * RECORD, err);
        if (s && err) err->at = (long long)i;
    }
    return s;
}

sage_status sage_pie_memory(
    sage_memory *out, const uint8_t *bytes, size_t len, uint64_t max_cells, sage_errinfo *err)
{
    archive a;
    uint8_t *records = NULL;
    size_t n         = 0;
    sage_memory_init(out, max_cells);
    sage_status s = open_archive(&a, bytes, len, err);
    if (s) return s;
    s = check_version(&a);
    if (!s) s = read_entry(&a, "memory.bin", &records, &n);
    zip_discard(a.zip);
    if (!s) s = fill(out, records, n, err);
    free(records);
    if (s) sage_memory_free(out);
    return s;
}
