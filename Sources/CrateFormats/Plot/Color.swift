/// A colour, red, green and blue from 0 to 1.
public struct Color: Sendable, Equatable {
    public var red, green, blue: Double

    public init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// `0xRRGGBB`.
    init(_ hex: UInt32) {
        self.init(red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255, blue: Double(hex & 0xFF) / 255)
    }

    /// A usual name, or `#rgb` or `#rrggbb`; `nil` for anything else.
    public init?(named name: String) {
        let name = name.lowercased()
        if name.hasPrefix("#") {
            let digits = name.dropFirst()
            guard digits.count == 3 || digits.count == 6, digits.allSatisfy(\.isHexDigit) else { return nil }
            let full = digits.count == 3 ? digits.flatMap { [$0, $0] } : Array(digits)
            guard let value = UInt32(String(full), radix: 16) else { return nil }
            self.init(value)
        } else if let index = Color.names.firstIndex(of: name) {
            self.init(Color.values[index])
        } else {
            return nil
        }
    }

    /// The names that `init(named:)` takes.
    public static var names: [String] {
        ["blue", "orange", "green", "red", "purple", "yellow", "cyan", "magenta", "brown", "pink", "grey", "gray", "black", "white"]
    }

    /// In the order of `names`. The first ones are muted so that they go together with the palette.
    private static var values: [UInt32] {
        [0x0072B2, 0xE69F00, 0x009E73, 0xD55E00, 0x8C6BB1, 0xE3C800, 0x56B4E9, 0xCC79A7, 0x8C564B, 0xE78AC3, 0x7F7F7F, 0x7F7F7F, 0x000000, 0xFFFFFF]
    }

    /// Series colours that people with colour-blindness can tell apart: M. Okabe and K. Ito, "Color Universal Design"
    /// (2008), in an order that keeps neighbours apart; its yellow is darkened to stand on white.
    static func series(_ index: Int) -> Color {
        let palette: [UInt32] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0xB8A000, 0x4D4D4D]
        return Color(palette[index % palette.count])
    }
}
