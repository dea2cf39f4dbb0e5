#define _GNU_SOURCE
#include "CEdit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

// From libtinfo; <term.h> would bring hundreds of macros along.
extern int tgetent(char *buffer, const char *name);
extern char *tgetstr(const char *capability, char **area);

bool crate_edit_terminal_is_usable(void) {
    const char *name = getenv("TERM");
    if (name == NULL || *name == '\0' || strcmp(name, "dumb") == 0 || strcmp(name, "unknown") == 0) return false;
    if (tgetent(NULL, name) != 1) return false;
    const char *up = tgetstr("UP", NULL);
    const char *clear = tgetstr("ce", NULL);
    return up != NULL && strncmp(up, "\033[", 2) == 0 && clear != NULL && strncmp(clear, "\033[", 2) == 0;
}

void crate_edit_know_characters(void) {
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) setlocale(LC_CTYPE, "");
}

EditLine *crate_edit_open(void *owner, crate_edit_read read) {
    crate_edit_know_characters();
    // A stream without a function to write with drops what is written.
    FILE *nowhere = fopencookie(NULL, "w", (cookie_io_functions_t){0});
    if (nowhere == NULL) return NULL;
    EditLine *editor = el_init_fd("crate", stdin, nowhere, stderr, STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO);
    if (editor == NULL) {
        fclose(nowhere);
        return NULL;
    }
    // It fills a screen of its own memory before it writes. That screen keeps its size, whatever the window does.
    el_set(editor, EL_SETTC, "co", "80", NULL);
    el_set(editor, EL_SETTC, "li", "24", NULL);
    el_set(editor, EL_CLIENTDATA, owner);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_SIGNAL, 0);
    el_set(editor, EL_GETCFN, read);
    // While a program runs, keys typed ahead wait unseen: the editor shows them once, when it reads them.
    el_set(editor, EL_SETTY, "-x", "-echo", "-icanon", NULL);
    // So that Ctrl-S reaches the search, and a line end of two characters in a paste stays one.
    el_set(editor, EL_SETTY, "-d", "-ixon", "-icrnl", "-inlcr", NULL);
    // Ctrl-C and Ctrl-Z come as characters, since one in a paste must not interrupt or stop; what Ctrl-\ does would take away what was typed.
    el_set(editor, EL_SETTY, "-d", "intr=", "quit=", "susp=", NULL);
    return editor;
}

void *crate_edit_owner(EditLine *editor) {
    void *owner = NULL;
    el_get(editor, EL_CLIENTDATA, &owner);
    return owner;
}

void crate_edit_close(EditLine *editor) {
    FILE *nowhere = NULL;
    el_get(editor, EL_GETFP, 1, &nowhere);
    // Without this it would put the terminal back in a way that drops the keys that wait.
    el_set(editor, EL_EDITMODE, 0);
    el_end(editor);
    if (nowhere != NULL) fclose(nowhere);
}

void crate_edit_register(EditLine *editor, const char *name, crate_edit_command command) {
    el_set(editor, EL_ADDFN, name, name, command);
}

void crate_edit_bind(EditLine *editor, const char *key, const char *name) {
    el_set(editor, EL_BIND, key, name, NULL);
}

void crate_edit_prepare(EditLine *editor) {
    el_set(editor, EL_PREP_TERM, 0);
    el_set(editor, EL_PREP_TERM, 1);
}

int crate_edit_width(wchar_t character) {
    int width = wcwidth(character);
    return width < 0 ? 0 : width;
}
