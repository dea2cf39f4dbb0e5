/// A frame's pixels as indexes into a palette of at most 256 colours.
struct GIFColors {
    /// RGB in the lowest 24 bits, red lowest; 255 above for opaque ones, all 0 for the transparent one.
    let colors: [UInt32]
    let indexes: [UInt8]

    /// Stands for every pixel that is not shown.
    static let transparent: UInt32 = 0
    static let most = 256

    var transparentIndex: Int? { colors.firstIndex(of: GIFColors.transparent) }

    /// Exact when the pixels have few enough colours, else reduced to the nearest that median cut finds.
    init(_ pixels: [UInt32]) {
        if let exact = GIFColors(exactly: pixels) { self = exact } else { self = MedianCut.reduce(pixels, to: GIFColors.most) }
    }

    init(colors: [UInt32], indexes: [UInt8]) {
        self.colors = colors
        self.indexes = indexes
    }

    /// `nil` for more than 256 colours.
    private init?(exactly pixels: [UInt32]) {
        var table = ColorTable()
        guard let first = pixels.first, var last = table.index(of: first) else { return nil }
        var lastColor = first
        var indexes = [UInt8](repeating: 0, count: pixels.count)
        for place in pixels.indices {
            // Neighbours are mostly equal.
            if pixels[place] != lastColor {
                guard let index = table.index(of: pixels[place]) else { return nil }
                (last, lastColor) = (index, pixels[place])
            }
            indexes[place] = last
        }
        self.init(colors: table.colors, indexes: indexes)
    }
}

/// Colours numbered in the order they come: a hash table with open addressing.
private struct ColorTable {
    private(set) var colors: [UInt32] = []
    private var slots = [UInt32](repeating: empty, count: 1024)
    private var numbers = [UInt8](repeating: 0, count: 1024)
    /// Not a colour: transparent pixels have no red.
    private static let empty: UInt32 = 1

    /// The number of `color`, a new one if need be; `nil` when all 256 are taken.
    mutating func index(of color: UInt32) -> UInt8? {
        var slot = Int((color &* 0x9E37_79B1) >> 22)
        while slots[slot] != ColorTable.empty {
            if slots[slot] == color { return numbers[slot] }
            slot = (slot + 1) & 1023
        }
        guard let number = UInt8(exactly: colors.count) else { return nil }
        slots[slot] = color
        numbers[slot] = number
        colors.append(color)
        return number
    }
}
