import CrateValues

extension Plot {
    /// Draws the plot as RGB of shape (height, width, 3).
    public func rendered() throws(FormatError) -> Image {
        throw FormatError(.unsupported, "plot", "is not drawn yet")
    }
}
