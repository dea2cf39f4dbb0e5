import CrateValues

extension Plot {
    /// Draws the plot as RGB of shape (height, width, 3).
    ///
    /// - Throws: `.missingLibrary` without cairo, `.limit` for sizes beyond 10,000 pixels a side.
    public func rendered() throws(FormatError) -> Image {
        throw FormatError(.unsupported, "plot", "is not drawn yet")
    }
}
