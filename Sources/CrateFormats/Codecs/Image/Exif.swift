import CrateValues

/// What cameras note about a picture. Facts: CIPA DC-008 (Exif), whose data are the directories of a TIFF file.
enum Exif {
    /// How to turn the picture upright, 1 to 8; `nil` when the data do not say or are damaged.
    ///
    /// - Parameter data: from the byte order on, or from "Exif" and two zeros on.
    static func orientation(in data: Bytes) -> Int? {
        let prefix = Array("Exif\0\0".utf8)
        guard let head = data.slice(0..<min(prefix.count, data.count)) else { return nil }
        guard let tiff = head.array == prefix ? data.slice(prefix.count..<data.count) : data else { return nil }
        return (try? readOrientation(tiff)) ?? nil
    }

    private static func readOrientation(_ tiff: Bytes) throws(FormatError) -> Int? {
        var reader = ByteReader(tiff, format: "Exif")
        let isLittle = try reader.bytes(2).array == Array("II".utf8)
        func short() throws(FormatError) -> Int {
            Int(isLittle ? try reader.littleEndian(UInt16.self) : try reader.bigEndian(UInt16.self))
        }
        func long() throws(FormatError) -> Int {
            Int(isLittle ? try reader.littleEndian(UInt32.self) : try reader.bigEndian(UInt32.self))
        }
        guard try short() == 42 else { return nil }
        try reader.seek(to: try long())
        for _ in 0..<(try short()) {
            let tag = try short()
            try reader.skip(6)
            let value = try short()
            try reader.skip(2)
            if tag == 0x0112 { return (1...8).contains(value) ? value : nil }
        }
        return nil
    }
}
