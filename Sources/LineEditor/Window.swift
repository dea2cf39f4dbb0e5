import CEdit
import Glibc

/// The terminal's size in characters, or 80 by 24 where it doesn't say.
public struct Window: Sendable {
    public let columns: Int
    public let rows: Int

    public init() {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        columns = isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80
        rows = isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
    }

    /// Rows that `text` takes when its first line starts at `indent`.
    func height(of text: String, indent: Int) -> Int {
        var column = indent
        var height = 1
        for scalar in text.unicodeScalars {
            let width = scalar == "\t" ? 8 - column % 8 : Int(crate_edit_width(wchar_t(scalar.value)))
            if scalar == "\n" || column + width > columns {
                height += 1
                column = scalar == "\n" ? 0 : width
            } else {
                column += width
            }
        }
        return height
    }
}
