#include "CProcess.h"
#include <stddef.h>

static char *nothing[] = {NULL};
static char **arguments = nothing, **environment = nothing;

// The C library calls it with what main gets, before main.
__attribute__((constructor)) static void keep(int count, char **values, char **variables) {
    (void)count;
    if (values) arguments = values;
    if (variables) environment = variables;
}

char *const *crate_process_arguments(void) { return arguments; }
char *const *crate_process_environment(void) { return environment; }
