/// The text that Ctrl-Y brings back. Kills that follow each other at once gather.
struct KillBuffer {
    private(set) var text = ""
    private var after: EditState?

    /// `state` is the line after the kill, `before` the one before it.
    mutating func add(_ killed: String, isBackward: Bool, from before: EditState, to state: EditState) {
        if after != before { text = "" }
        text = isBackward ? killed + text : text + killed
        after = state
    }
}
