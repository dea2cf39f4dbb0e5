extension Unicode.Scalar {
    /// A control character, or one that ends a line.
    public var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// One of the marks that turn the order of writing, so that a text shows as another than it is.
    public var turnsWriting: Bool {
        [0x061C, 0x200E, 0x200F].contains(value) || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }
}
