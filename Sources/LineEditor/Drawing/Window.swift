import Glibc

/// The terminal's size in characters, or 80 by 24 where it doesn't say.
public struct Window: Sendable, Equatable {
    public let columns: Int
    public let rows: Int

    public init() {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        self.init(columns: isKnown ? Int(size.ws_col) : 0, rows: isKnown ? Int(size.ws_row) : 0)
    }

    init(columns: Int, rows: Int) {
        self.columns = columns > 0 ? columns : 80
        self.rows = rows > 0 ? rows : 24
    }
}
