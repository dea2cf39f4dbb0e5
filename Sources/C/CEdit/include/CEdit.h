#pragma once

// Fixed-arity doors to libedit: Swift can't call variadic functions, and `stdin`/`stdout` are mutable globals to it.

#include <histedit.h>
#include <stdbool.h>

/// One editing command: gets the key that ran it, answers a `CC_…` code.
typedef unsigned char (*crate_edit_command)(EditLine *_Nonnull, int);
/// Gives the next character of input: 1, 0 at the end of input, -1 to give the line up.
typedef int (*crate_edit_read)(EditLine *_Nonnull, wchar_t *_Nonnull);

/// Whether TERM names a terminal that lines can be edited on, found without asking the terminal anything: one that moves its
/// cursor by the sequences of ECMA-48.
bool crate_edit_terminal_is_usable(void);

/// An emacs-style editor on standard input, which must be a terminal. It keeps the line, the keys and the terminal's modes; what it
/// would draw goes nowhere, since it draws neither colours, nor hints, nor a line taller than the window. `owner` comes back from
/// `crate_edit_owner`.
EditLine *_Nullable crate_edit_open(void *_Nonnull owner, crate_edit_read _Nonnull read);
void *_Nullable crate_edit_owner(EditLine *_Nonnull editor);
/// Leaves the terminal's modes as they are.
void crate_edit_close(EditLine *_Nonnull editor);

/// Registers a command under a name and binds keys to names. Register first: binding an unknown name corrupts the heap.
void crate_edit_register(EditLine *_Nonnull editor, const char *_Nonnull name, crate_edit_command _Nonnull command);
void crate_edit_bind(EditLine *_Nonnull editor, const char *_Nonnull key, const char *_Nonnull name);

/// Puts the terminal into the editor's modes again after another program had it.
void crate_edit_prepare(EditLine *_Nonnull editor);

/// Widths follow LC_CTYPE. Input is taken as UTF-8 whatever LANG says, so they must be too: to be called once before any is asked for.
void crate_edit_know_characters(void);

/// Columns of a character; 0 where it has none of its own.
int crate_edit_width(wchar_t character);
