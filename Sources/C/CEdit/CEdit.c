#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "CEdit.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

// From libtinfo; <term.h> would bring hundreds of macros along.
extern int tgetent(char *buffer, const char *name);

bool crate_edit_terminal_is_usable(void) {
    const char *name = getenv("TERM");
    if (name == NULL || *name == '\0' || strcmp(name, "dumb") == 0 || strcmp(name, "unknown") == 0) return false;
    return tgetent(NULL, name) == 1;
}

EditLine *crate_edit_open(void *owner, crate_edit_prompt prompt, crate_edit_read read) {
    // Widths and drawing follow LC_CTYPE. Input is taken as UTF-8 whatever LANG says, so drawing must be too.
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) setlocale(LC_CTYPE, "");
    EditLine *editor = el_init("crate", stdin, stdout, stderr);
    if (editor == NULL) return NULL;
    el_set(editor, EL_CLIENTDATA, owner);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_SIGNAL, 0);
    el_set(editor, EL_PROMPT_ESC, prompt, '\1');
    el_set(editor, EL_GETCFN, read);
    // While a program runs, keys typed ahead wait unseen: the editor shows them once, when it reads them.
    el_set(editor, EL_SETTY, "-x", "-echo", "-icanon", NULL);
    return editor;
}

void *crate_edit_owner(EditLine *editor) {
    void *owner = NULL;
    el_get(editor, EL_CLIENTDATA, &owner);
    return owner;
}

void crate_edit_close(EditLine *editor, HistoryW *history) {
    el_end(editor);
    if (history != NULL) history_wend(history);
}

void crate_edit_register(EditLine *editor, const char *name, crate_edit_command command) {
    el_set(editor, EL_ADDFN, name, name, command);
}

void crate_edit_bind(EditLine *editor, const char *key, const char *name) {
    el_set(editor, EL_BIND, key, name, NULL);
}

void crate_edit_redraw(EditLine *editor) {
    el_set(editor, EL_PREP_TERM, 0);
    el_set(editor, EL_PREP_TERM, 1);
    el_set(editor, EL_REFRESH);
}

int crate_edit_width(wchar_t character) {
    int width = wcwidth(character);
    return width < 0 ? 0 : width;
}

HistoryW *crate_edit_history(EditLine *editor, int size) {
    HistoryW *history = history_winit();
    if (history == NULL) return NULL;
    HistEventW event;
    history_w(history, &event, H_SETSIZE, size);
    el_wset(editor, EL_HIST, history_w, history);
    return history;
}

void crate_edit_history_add(HistoryW *history, const wchar_t *statement) {
    HistEventW event;
    history_w(history, &event, H_ENTER, statement);
}
