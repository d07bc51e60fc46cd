/* A Cryptoki library whose token can be lost: it stands in front of the library "real.so" of its directory and passes
   all calls on. While its directory has a file "lost", calls answer the number that stands in it, and what was in use is
   gone: sessions, their objects, the login. p11-kit 0.24, which could be killed instead, passes on neither AES-GCM nor
   key wrapping. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define FUNCTIONS 68
#define INITIALIZE 0
#define FINALIZE 1

typedef unsigned long ulong;
/* No function has more than eight arguments, and each is as long as a pointer or passed so. */
typedef ulong (*function)(ulong, ulong, ulong, ulong, ulong, ulong, ulong, ulong);

static struct { unsigned char version[sizeof(void *)]; function functions[FUNCTIONS]; } list, *real;
static pthread_rwlock_t in_use = PTHREAD_RWLOCK_INITIALIZER;
static char directory[4096];
static int initialized;

static void path_of(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", directory, name);
}

static ulong loss(void)
{
    char path[4200];
    ulong answer = 0;
    path_of(path, sizeof path, "lost");
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    if (fscanf(file, "%lx", &answer) != 1) answer = 0x32;
    fclose(file);
    return answer;
}

static ulong pass(int n, ulong a, ulong b, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h)
{
    ulong answer = n == INITIALIZE || n == FINALIZE ? 0 : loss();
    if (answer) {
        pthread_rwlock_wrlock(&in_use);
        if (initialized) real->functions[FINALIZE](0, 0, 0, 0, 0, 0, 0, 0);
        initialized = 0;
        pthread_rwlock_unlock(&in_use);
        return answer;
    }
    if (n == INITIALIZE || n == FINALIZE) pthread_rwlock_wrlock(&in_use); else pthread_rwlock_rdlock(&in_use);
    answer = real->functions[n](a, b, c, d, e, f, g, h);
    if (n == INITIALIZE && answer == 0) initialized = 1;
    if (n == FINALIZE) initialized = 0;
    pthread_rwlock_unlock(&in_use);
    return answer;
}

#define PASS(n) static ulong pass##n(ulong a, ulong b, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h) \
    { return pass(n, a, b, c, d, e, f, g, h); }
#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) \
    X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32) X(33) X(34) X(35) X(36) X(37) \
    X(38) X(39) X(40) X(41) X(42) X(43) X(44) X(45) X(46) X(47) X(48) X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) \
    X(57) X(58) X(59) X(60) X(61) X(62) X(63) X(64) X(65) X(66) X(67)
EACH(PASS)

ulong C_GetFunctionList(void **answer)
{
    Dl_info self;
    char path[4200];
    ulong (*get)(void **) = NULL;
    if (!real) {
        if (!dladdr((void *)C_GetFunctionList, &self)) return 5;
        strncpy(directory, self.dli_fname, sizeof directory - 1);
        *strrchr(directory, '/') = 0;
        path_of(path, sizeof path, "real.so");
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (library) get = (ulong (*)(void **))dlsym(library, "C_GetFunctionList");
        if (!get || get((void **)&real)) return 5;
        memcpy(list.version, real->version, sizeof list.version);
#define TAKE(n) list.functions[n] = pass##n;
        EACH(TAKE)
    }
    *answer = &list;
    return 0;
}
