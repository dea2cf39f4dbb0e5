/// What a reader refuses to go beyond, whatever a file claims. Every limit can be raised by the caller.
public struct Limits: Sendable {
    /// Nesting of lists and mappings.
    public var depth = 512
    /// Nodes of a document, counting shared parts each time they are used.
    public var nodes = 10_000_000
    /// Width times height of an image.
    public var pixels = 250_000_000
    /// Bytes that compressed input may become, in all.
    public var inflatedBytes = 16 << 30
    /// Bytes out per byte in, beyond a first mebibyte.
    public var inflationRatio = 1100
    /// Digits of one integer.
    public var digits = 100_000
    public init() {}
    public static let standard = Limits()
}
