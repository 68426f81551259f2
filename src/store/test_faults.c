/* A disk and an allocator that fail. */
#include "store/test_faults.h"

#include "base/test.h"

#include <sqlite3.h>

sage_faults fault;

static bool fails(void)
{
    if (!fault.armed) return false;
    if (fault.left > 0) fault.left--;
    if (fault.left > 0 || (!fault.sticky && fault.fired)) return false;
    fault.fired++;
    return true;
}

/* The wrapper's file: SQLite sees io, the system's file follows. */
typedef struct file {
    sqlite3_file base;
    sqlite3_file *real;
} file;

static sqlite3_vfs *system_vfs;

#define REAL(f)         (((file *)(f))->real)
#define METHOD(f, name) REAL(f)->pMethods->name

static int f_close(sqlite3_file *f)
{
    return METHOD(f, xClose)(REAL(f));
}
static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return fails() ? SQLITE_IOERR_READ : METHOD(f, xRead)(REAL(f), to, n, at);
}
/* A failed write may have written a part: half of it, here. */
static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (!fails()) return METHOD(f, xWrite)(REAL(f), from, n, at);
    (void)METHOD(f, xWrite)(REAL(f), from, n / 2, at);
    return SQLITE_IOERR_WRITE;
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    return fails() ? SQLITE_IOERR_TRUNCATE : METHOD(f, xTruncate)(REAL(f), n);
}
static int f_sync(sqlite3_file *f, int flags)
{
    return fails() ? SQLITE_IOERR_FSYNC : METHOD(f, xSync)(REAL(f), flags);
}
static int f_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return METHOD(f, xFileSize)(REAL(f), n);
}
static int f_lock(sqlite3_file *f, int how)
{
    return fails() ? SQLITE_IOERR_LOCK : METHOD(f, xLock)(REAL(f), how);
}
static int f_unlock(sqlite3_file *f, int how)
{
    return METHOD(f, xUnlock)(REAL(f), how);
}
static int f_reserved(sqlite3_file *f, int *out)
{
    return METHOD(f, xCheckReservedLock)(REAL(f), out);
}
static int f_control(sqlite3_file *f, int op, void *arg)
{
    return METHOD(f, xFileControl)(REAL(f), op, arg);
}
static int f_sector(sqlite3_file *f)
{
    return METHOD(f, xSectorSize)(REAL(f));
}
static int f_device(sqlite3_file *f)
{
    return METHOD(f, xDeviceCharacteristics)(REAL(f));
}
static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return fails() ? SQLITE_IOERR_SHMMAP : METHOD(f, xShmMap)(REAL(f), page, size, extend, out);
}
static int f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return METHOD(f, xShmLock)(REAL(f), at, n, flags);
}
static void f_shm_barrier(sqlite3_file *f)
{
    METHOD(f, xShmBarrier)(REAL(f));
}
static int f_shm_unmap(sqlite3_file *f, int gone)
{
    return METHOD(f, xShmUnmap)(REAL(f), gone);
}

static const sqlite3_io_methods methods = {
    2,          f_close,       f_read,      f_write,   f_truncate, f_sync,   f_size,
    f_lock,     f_unlock,      f_reserved,  f_control, f_sector,   f_device, f_shm_map,
    f_shm_lock, f_shm_barrier, f_shm_unmap, NULL,      NULL,
};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    (void)v;
    file *wrapped = (file *)f;
    wrapped->real = (sqlite3_file *)(wrapped + 1);
    memset(wrapped->real, 0, (size_t)system_vfs->szOsFile);
    f->pMethods = NULL;
    if (fails()) return SQLITE_CANTOPEN;
    int rc = system_vfs->xOpen(system_vfs, name, wrapped->real, flags, out);
    if (!rc) f->pMethods = &methods;
    return rc;
}

static sqlite3_mem_methods system_memory;

static void *m_alloc(int n)
{
    return fails() ? NULL : system_memory.xMalloc(n);
}
static void *m_resize(void *p, int n)
{
    return fails() ? NULL : system_memory.xRealloc(p, n);
}

/* SQLite must be shut down to change its allocator; nothing is open between tests. */
void sage_faults_install(sage_fault_source from)
{
    static sqlite3_vfs vfs;
    assert_int_equal(sqlite3_shutdown(), SQLITE_OK);
    if (!system_memory.xMalloc)
        assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory), SQLITE_OK);
    sqlite3_mem_methods memory = system_memory;
    if (from == MEMORY) memory.xMalloc = m_alloc, memory.xRealloc = m_resize;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &memory), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
    assert_int_equal(sqlite3_initialize(), SQLITE_OK);
    if (from != DISK) return;
    system_vfs   = sqlite3_vfs_find(NULL);
    vfs          = *system_vfs;
    vfs.zName    = "faulty";
    vfs.szOsFile = (int)sizeof(file) + system_vfs->szOsFile;
    vfs.xOpen    = v_open;
    vfs.pNext    = NULL;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}
