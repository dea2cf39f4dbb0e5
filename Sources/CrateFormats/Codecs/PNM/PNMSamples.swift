import CrateValues

/// The samples of a Netpbm picture.
struct PNMSamples {
    private let header: PNMHeader
    private let text: PNMText

    init(_ header: PNMHeader, _ text: PNMText) {
        self.header = header
        self.text = text
    }

    private var count: Int { header.width * header.height * header.channels }

    private func require(_ bytes: Int) throws(FormatError) {
        guard bytes <= text.reader.remaining else {
            throw text.reader.error(
                .truncated, "claims \(header.width) × \(header.height) pixels in \(bytes) bytes; \(text.reader.remaining) are left"
            )
        }
    }

    private var tooLarge: FormatError { text.malformed("has a sample above the declared maximum of \(header.maximum)") }

    // MARK: Text

    func textSamples() throws(FormatError) -> ByteRegion {
        // The least a sample takes: a digit, and a blank between numbers.
        try require(header.isBitmap ? count : count * 2 - 1)
        return try ByteRegion(count: count * header.dtype.size) { (target) throws(FormatError) in
            var text = text
            for index in 0..<count {
                let sample = header.isBitmap ? 1 - Int(try text.bit()) : try text.number()
                guard sample <= header.maximum else { throw tooLarge }
                store(sample, index, target)
            }
        }
    }

    // MARK: Binary

    func binarySamples() throws(FormatError) -> ByteRegion {
        if header.isBitmap { return try bits() }
        let byteCount = count * header.dtype.size
        try require(byteCount)
        var reader = text.reader
        let source = try reader.bytes(byteCount)
        return try ByteRegion(count: byteCount) { (target) throws(FormatError) in
            try source.withBytes { (bytes) throws(FormatError) in
                if header.maximum == 255 { target.copyMemory(from: bytes) } else { try stretch(bytes, target) }
            }
        }
    }

    private func stretch(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) throws(FormatError) {
        let isWide = header.dtype == .uint16
        for index in 0..<count {
            let sample = isWide ? Int(source[index * 2]) << 8 | Int(source[index * 2 + 1]) : Int(source[index])
            guard sample <= header.maximum else { throw tooLarge }
            store(sample, index, target)
        }
    }

    /// Rows are padded to whole bytes; the highest bit is the leftmost pixel.
    private func bits() throws(FormatError) -> ByteRegion {
        let rowBytes = (header.width + 7) / 8
        try require(rowBytes * header.height)
        var reader = text.reader
        return try reader.bytes(rowBytes * header.height).withBytes { source in
            ByteRegion(count: count) { target in
                for row in 0..<header.height {
                    for column in 0..<header.width {
                        let bit = source[row * rowBytes + (column >> 3)] >> (7 - (column & 7)) & 1
                        target[row * header.width + column] = bit == 1 ? 0 : 255
                    }
                }
            }
        }
    }

    /// Rounds to the nearest sample of the full range.
    @inline(__always)
    private func store(_ sample: Int, _ index: Int, _ target: UnsafeMutableRawBufferPointer) {
        let full = header.dtype == .uint16 ? 65535 : 255
        let value = header.maximum == full ? sample : (sample * full * 2 + header.maximum) / (header.maximum * 2)
        if full == 255 {
            target[index] = UInt8(truncatingIfNeeded: value)
        } else {
            target.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: index * 2, as: UInt16.self)
        }
    }
}
