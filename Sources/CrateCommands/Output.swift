import CrateFormats

/// Where a session's words go. The shell gives a real one; tests collect.
public protocol Output: AnyObject {
    /// `print`, shown values, trees: standard output.
    func show(_ text: String)
    /// Log lines, notes, progress: standard error.
    func report(_ text: String)
    /// Columns of the terminal, or 80.
    var width: Int { get }
    /// Whether `show` and `report` may use colour.
    var showsColour: Bool { get }
    var reportsColour: Bool { get }
    /// Lines of the terminal, or 24.
    var height: Int { get }
    /// How `show` can show pictures.
    var graphics: TerminalGraphics { get }
}

extension Output {
    public var height: Int { 24 }
    public var graphics: TerminalGraphics { .none }
}
