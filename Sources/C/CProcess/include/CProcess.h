#pragma once
// What the program was started with, as the C library hands it to it. Swift finds the arguments through /proc, and takes a program without
// /proc for one without arguments.

/// The arguments, the program's own name first; ended by NULL.
char *const *crate_process_arguments(void);
/// "NAME=VALUE" each; ended by NULL.
char *const *crate_process_environment(void);
