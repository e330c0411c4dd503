/*
 * A machine that can lose its power, for whole processes: preload this library.
 *
 * It writes every change below SHIM_ROOT to the file SHIM_RECORD, in the order in which the changes
 * are made. RecordedDisk replays such a record: contents count after an fsync of the file, and names
 * after an fsync of the directory. SHIM_CONTROL is a file of 24 bytes that the test maps, too:
 *
 *   0   int64   nanoseconds that are added to the clock of the machine
 *   8   int32   how many of the next writes and syncs fail with EIO
 *   12  int32   not 0: the disk is full (ENOSPC)
 *   16  int32   not 0: the file system is read-only (EROFS)
 *
 * One lock orders all changes and their records. A sync is not passed on: the record is the disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FILES_MAX 65536
#define PATH_BYTES 4096

enum operation { OPEN = 1, CREATE, MAKE_DIRECTORY, WRITE, TRUNCATE, SYNC, RENAME, REMOVE, LINK };

struct control {
  int64_t clock_offset;
  int32_t failures;
  int32_t full;
  int32_t read_only;
  int32_t unused;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct control nothing;
static volatile struct control *control = &nothing;
static char root[PATH_BYTES];
static size_t root_length;
static int record = -1;
static uint32_t opened;

/* The number of the open file behind each descriptor; 0 for files that are not recorded. */
static uint32_t numbers[FILES_MAX];

static void die(const char *why) {
  fprintf(stderr, "machine.c: %s: %s\n", why, strerror(errno));
  abort();
}

#define REAL(result, name, ...)                                   \
  static result (*real_##name)(__VA_ARGS__);                      \
  if (!real_##name) real_##name = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  const char *at = getenv("SHIM_ROOT");
  const char *to = getenv("SHIM_RECORD");
  const char *by = getenv("SHIM_CONTROL");
  if (by) {
    int fd = syscall(SYS_openat, AT_FDCWD, by, O_RDWR | O_CLOEXEC, 0);
    void *mapped = fd < 0 ? MAP_FAILED
                          : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) die(by);
    control = mapped;
  }
  if (at && to) {
    int fd = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) die(to);
    /* A high number: programs close those that follow their own. */
    record = fcntl(fd, F_DUPFD_CLOEXEC, 1000);
    if (record < 0) die(to);
    syscall(SYS_close, fd);
    root_length = strlen(at);
    if (root_length >= PATH_BYTES) die("SHIM_ROOT is too long");
    memcpy(root, at, root_length + 1);
  }
}

/* ---- records ---- */

static void append(const struct iovec *parts, int count) {
  size_t whole = 0;
  for (int i = 0; i < count; i++) whole += parts[i].iov_len;
  if (syscall(SYS_writev, record, parts, count) != (long)whole) die("the record");
}

static void note(enum operation kind, uint32_t number, uint64_t place, const void *bytes,
                 uint32_t length) {
  struct __attribute__((packed)) {
    uint8_t kind;
    uint32_t number;
    uint64_t place;
    uint32_t length;
  } head = {kind, number, place, length};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)bytes, length}};
  append(parts, 2);
}

static void note_path(enum operation kind, uint32_t number, const char *path) {
  note(kind, number, 0, path + root_length, strlen(path) - root_length);
}

static void note_paths(enum operation kind, const char *from, const char *to) {
  char both[2 * PATH_BYTES];
  size_t first = strlen(from) - root_length;
  size_t second = strlen(to) - root_length;
  memcpy(both, from + root_length, first);
  both[first] = 0;
  memcpy(both + first + 1, to + root_length, second);
  note(kind, 0, 0, both, first + 1 + second);
}

/* Writes the absolute path of a file below the root to the buffer, or returns 0. */
static int is_recorded(int at, const char *path, char *whole) {
  char raw[2 * PATH_BYTES];
  if (record < 0 || !path) return 0;
  if (path[0] == '/') {
    snprintf(raw, sizeof raw, "%s", path);
  } else if (at == AT_FDCWD) {
    if (!getcwd(raw, PATH_BYTES)) return 0;
    size_t length = strlen(raw);
    snprintf(raw + length, sizeof raw - length, "/%s", path);
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    ssize_t length = readlink(link, raw, PATH_BYTES - 1);
    if (length < 0) return 0;
    snprintf(raw + length, sizeof raw - length, "/%s", path);
  }
  size_t used = 0;
  for (const char *each = raw; *each && used < PATH_BYTES - 1;) {
    if (each[0] == '/' && (each[1] == '/' || !each[1])) {
      each++;
    } else if (each[0] == '/' && each[1] == '.' && (each[2] == '/' || !each[2])) {
      each += 2;
    } else {
      whole[used++] = *each++;
    }
  }
  whole[used] = 0;
  return strncmp(whole, root, root_length) == 0 &&
         (whole[root_length] == '/' || !whole[root_length]);
}

static uint32_t number_of(int fd) { return fd >= 0 && fd < FILES_MAX ? numbers[fd] : 0; }

static int is_read_only(void) {
  if (control->read_only) errno = EROFS;
  return control->read_only != 0;
}

static int fails(void) {
  if (is_read_only()) return 1;
  if (control->failures > 0) {
    control->failures--;
    errno = EIO;
    return 1;
  }
  return 0;
}

static int is_full(void) {
  if (control->full) errno = ENOSPC;
  return control->full != 0;
}

/* ---- files ---- */

static int exists(const char *path) {
  struct stat ignored;
  return syscall(SYS_newfstatat, AT_FDCWD, path, &ignored, AT_SYMLINK_NOFOLLOW) == 0;
}

static int open_file(int at, const char *path, int flags, mode_t mode) {
  char whole[PATH_BYTES];
  if (!is_recorded(at, path, whole)) return syscall(SYS_openat, at, path, flags, mode);
  pthread_mutex_lock(&lock);
  int known = exists(whole);
  int fd = -1;
  int writes = (flags & O_ACCMODE) != O_RDONLY || (!known && (flags & O_CREAT));
  int refused = (writes && is_read_only()) || (!known && (flags & O_CREAT) && is_full());
  if (!refused) fd = syscall(SYS_openat, at, path, flags, mode);
  if (fd >= FILES_MAX) die("too many open files");
  if (fd >= 0) {
    numbers[fd] = ++opened;
    note_path(known ? OPEN : CREATE, numbers[fd], whole);
    if (known && (flags & O_TRUNC)) note(TRUNCATE, numbers[fd], 0, NULL, 0);
  }
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

#define MODE(flags)                    \
  mode_t mode = 0;                     \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list rest;                      \
    va_start(rest, flags);             \
    mode = va_arg(rest, mode_t);       \
    va_end(rest);                      \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  return open_file(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int at, const char *path, int flags, ...) {
  MODE(flags)
  return open_file(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...) {
  MODE(flags)
  return open_file(at, path, flags | O_LARGEFILE, mode);
}

int creat(const char *path, mode_t mode) {
  return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode) {
  return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC | O_LARGEFILE, mode);
}

int close(int fd) {
  if (number_of(fd)) numbers[fd] = 0;
  return syscall(SYS_close, fd);
}

int dup2(int from, int to) {
  REAL(int, dup2, int, int);
  int fd = real_dup2(from, to);
  if (fd >= 0 && fd < FILES_MAX) numbers[fd] = number_of(from);
  return fd;
}

int dup(int from) {
  REAL(int, dup, int);
  int fd = real_dup(from);
  if (fd >= 0 && fd < FILES_MAX) numbers[fd] = number_of(from);
  return fd;
}

static int64_t size_of(int fd) {
  struct stat file;
  if (fstat(fd, &file) != 0) die("the size of a file");
  return file.st_size;
}

/* Writes to the file and records what was written. An offset of -1 stands for its position. */
static ssize_t write_file(int fd, const struct iovec *parts, int count, int64_t offset) {
  pthread_mutex_lock(&lock);
  int64_t place = offset;
  if (offset < 0) {
    place = fcntl(fd, F_GETFL) & O_APPEND ? size_of(fd) : lseek(fd, 0, SEEK_CUR);
  }
  size_t whole = 0;
  for (int i = 0; i < count; i++) whole += parts[i].iov_len;
  int grows = place + (int64_t)whole > size_of(fd);
  ssize_t written = -1;
  if (!fails() && !(grows && is_full())) {
    written = offset < 0 ? syscall(SYS_writev, fd, parts, count)
                         : syscall(SYS_pwritev, fd, parts, count, offset, 0);
  }
  ssize_t left = written;
  for (int i = 0; i < count && left > 0; i++) {
    size_t part = parts[i].iov_len < (size_t)left ? parts[i].iov_len : (size_t)left;
    note(WRITE, number_of(fd), place, parts[i].iov_base, part);
    place += part;
    left -= part;
  }
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec part = {(void *)bytes, length};
  return number_of(fd) ? write_file(fd, &part, 1, -1) : syscall(SYS_write, fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return number_of(fd) ? write_file(fd, parts, count, -1) : syscall(SYS_writev, fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t place) {
  struct iovec part = {(void *)bytes, length};
  return number_of(fd) ? write_file(fd, &part, 1, place)
                       : syscall(SYS_pwrite64, fd, bytes, length, place);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place) {
  return pwrite(fd, bytes, length, place);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t place) {
  return number_of(fd) ? write_file(fd, parts, count, place)
                       : syscall(SYS_pwritev, fd, parts, count, place, 0);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t place) {
  return pwritev(fd, parts, count, place);
}

int ftruncate(int fd, off_t length) {
  if (!number_of(fd)) return syscall(SYS_ftruncate, fd, length);
  pthread_mutex_lock(&lock);
  int refused = is_read_only() || (length > size_of(fd) && is_full());
  int result = refused ? -1 : (int)syscall(SYS_ftruncate, fd, length);
  if (result == 0) note(TRUNCATE, number_of(fd), length, NULL, 0);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

/* Space that is set aside does not survive: a file grows only by what is written. */
int fallocate(int fd, int mode, off_t from, off_t length) {
  if (!number_of(fd)) return syscall(SYS_fallocate, fd, mode, from, length);
  errno = EOPNOTSUPP;
  return -1;
}

int fallocate64(int fd, int mode, off64_t from, off64_t length) {
  return fallocate(fd, mode, from, length);
}

int posix_fallocate(int fd, off_t from, off_t length) {
  REAL(int, posix_fallocate, int, off_t, off_t);
  return number_of(fd) ? EOPNOTSUPP : real_posix_fallocate(fd, from, length);
}

int posix_fallocate64(int fd, off64_t from, off64_t length) {
  return posix_fallocate(fd, from, length);
}

static int sync_file(int fd) {
  pthread_mutex_lock(&lock);
  int result = fails() ? -1 : 0;
  if (result == 0) note(SYNC, number_of(fd), 0, NULL, 0);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int fsync(int fd) { return number_of(fd) ? sync_file(fd) : (int)syscall(SYS_fsync, fd); }

int fdatasync(int fd) { return number_of(fd) ? sync_file(fd) : (int)syscall(SYS_fdatasync, fd); }

int sync_file_range(int fd, off64_t from, off64_t length, unsigned int flags) {
  return number_of(fd) ? 0 : (int)syscall(SYS_sync_file_range, fd, from, length, flags);
}

/* What the kernel copies would not be recorded. Programs copy by read and write instead. */
ssize_t copy_file_range(int from, off64_t *source, int to, off64_t *target, size_t length,
                        unsigned int flags) {
  if (!number_of(to)) {
    return syscall(SYS_copy_file_range, from, source, to, target, length, flags);
  }
  errno = EXDEV;
  return -1;
}

ssize_t sendfile(int to, int from, off_t *place, size_t length) {
  if (!number_of(to)) return syscall(SYS_sendfile, to, from, place, length);
  errno = EINVAL;
  return -1;
}

ssize_t sendfile64(int to, int from, off64_t *place, size_t length) {
  return sendfile(to, from, place, length);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t place) {
  if (number_of(fd) && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
    die("writes through memory are not recorded");
  }
  return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, place);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t place) {
  return mmap(address, length, protection, flags, fd, place);
}

/* ---- names ---- */

static int made(int result, enum operation kind, const char *from, const char *to) {
  if (result == 0) {
    if (to) {
      note_paths(kind, from, to);
    } else {
      note_path(kind, 0, from);
    }
  }
  return result;
}

/* Makes a change of names and records it: one or two paths, each below the root or neither. */
#define CHANGE_NAMES(recorded, kind, from, to, grows, call)  \
  if (!(recorded)) return call;                              \
  pthread_mutex_lock(&lock);                                 \
  int refused = is_read_only() || (grows && is_full());      \
  int result = refused ? -1 : made(call, kind, from, to);    \
  int error = errno;                                         \
  pthread_mutex_unlock(&lock);                               \
  errno = error;                                             \
  return result;

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned int flags) {
  char source[PATH_BYTES], target[PATH_BYTES];
  CHANGE_NAMES(is_recorded(from_at, from, source) && is_recorded(to_at, to, target), RENAME, source,
               target, 0, (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags))
}

int renameat(int from_at, const char *from, int to_at, const char *to) {
  return renameat2(from_at, from, to_at, to, 0);
}

int rename(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int at, const char *path, int flags) {
  char whole[PATH_BYTES];
  CHANGE_NAMES(is_recorded(at, path, whole), REMOVE, whole, NULL, 0,
               (int)syscall(SYS_unlinkat, at, path, flags))
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int remove(const char *path) {
  struct stat file;
  return lstat(path, &file) == 0 && S_ISDIR(file.st_mode) ? rmdir(path) : unlink(path);
}

int mkdirat(int at, const char *path, mode_t mode) {
  char whole[PATH_BYTES];
  CHANGE_NAMES(is_recorded(at, path, whole), MAKE_DIRECTORY, whole, NULL, 1,
               (int)syscall(SYS_mkdirat, at, path, mode))
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
  char source[PATH_BYTES], target[PATH_BYTES];
  CHANGE_NAMES(is_recorded(from_at, from, source) && is_recorded(to_at, to, target), LINK, source,
               target, 1, (int)syscall(SYS_linkat, from_at, from, to_at, to, flags))
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

/* ---- the clock ---- */

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = syscall(SYS_clock_gettime, clock, time);
  int64_t offset = control->clock_offset;
  if (result == 0 && offset != 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t nanos = time->tv_nsec + offset % 1000000000;
    time->tv_sec += offset / 1000000000 + (nanos >= 1000000000) - (nanos < 0);
    time->tv_nsec = nanos >= 1000000000 ? nanos - 1000000000 : nanos < 0 ? nanos + 1000000000 : nanos;
  }
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
