#pragma once

// Fixed-arity doors to libedit: Swift can't call variadic functions, and `stdin`/`stdout` are mutable globals to it.

#include <histedit.h>
#include <stdbool.h>

/// One editing command: gets the key that ran it, answers a `CC_…` code.
typedef unsigned char (*crate_edit_command)(EditLine *_Nonnull, int);
typedef char *_Nullable (*crate_edit_prompt)(EditLine *_Nonnull);
/// Gives the next character of input: 1, 0 at the end of input, -1 to give the line up.
typedef int (*crate_edit_read)(EditLine *_Nonnull, wchar_t *_Nonnull);

/// Whether TERM names a terminal that lines can be edited on, found without asking the terminal anything.
bool crate_edit_terminal_is_usable(void);

/// An emacs-style editor between standard input and output, which must be terminals. `owner` comes back from
/// `crate_edit_owner`. Between two bytes 1 in a prompt stands what has no width.
EditLine *_Nullable crate_edit_open(void *_Nonnull owner, crate_edit_prompt _Nonnull prompt, crate_edit_read _Nonnull read);
void *_Nullable crate_edit_owner(EditLine *_Nonnull editor);
/// Puts the terminal back as it was found.
void crate_edit_close(EditLine *_Nonnull editor, HistoryW *_Nullable history);

/// Registers a command under a name and binds keys to names. Register first: binding an unknown name corrupts the heap.
void crate_edit_register(EditLine *_Nonnull editor, const char *_Nonnull name, crate_edit_command _Nonnull command);
void crate_edit_bind(EditLine *_Nonnull editor, const char *_Nonnull key, const char *_Nonnull name);

/// Draws the line again after something else was written, or after the terminal's state changed.
void crate_edit_redraw(EditLine *_Nonnull editor);

/// Columns of a character; 0 where it has none of its own.
int crate_edit_width(wchar_t character);

/// A history for the editor's own search.
HistoryW *_Nullable crate_edit_history(EditLine *_Nonnull editor, int size);
void crate_edit_history_add(HistoryW *_Nonnull history, const wchar_t *_Nonnull statement);
