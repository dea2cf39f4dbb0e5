import CrateValues

/// Bitmaps whose palette indexes are packed as run lengths: pairs of a count and a value, with escapes after a zero.
struct BMPRunLengths {
    private let header: BMPHeader
    private let file: Bytes
    private let isNibbles: Bool

    init(_ header: BMPHeader, _ file: Bytes, limits: Limits) throws(FormatError) {
        self.header = header
        self.file = file
        isNibbles = header.compression == .runLength4
        // Jumps can leave out any number of pixels, so only the ratio tells an honest size from a claim.
        let (bound, overflow) = file.count.multipliedReportingOverflow(by: limits.inflationRatio)
        guard overflow || header.width * header.height <= max(bound, 1 << 16) else {
            throw FormatError(.limit, "BMP", "claims \(header.width) × \(header.height) pixels in \(file.count) bytes")
        }
    }

    /// One byte per pixel, by rows as the file has them. Pixels that are jumped over are 0.
    func indexes() throws(FormatError) -> ByteRegion {
        let count = header.width * header.height
        return try ByteRegion(count: count) { (target) throws(FormatError) in
            target.initializeMemory(as: UInt8.self, repeating: 0)
            var reader = ByteReader(file, format: "BMP")
            try reader.seek(to: header.pixelOffset)
            try unpack(&reader, target)
        }
    }

    private func unpack(_ reader: inout ByteReader, _ target: UnsafeMutableRawBufferPointer) throws(FormatError) {
        var (row, column) = (0, 0)
        while row < header.height {
            let count = Int(try reader.byte())
            let value = try reader.byte()
            switch (count, value) {
            case (1..., _):
                let start = try place(row, column, count, reader)
                for step in 0..<count { target[start + step] = isNibbles ? (step & 1 == 0 ? value >> 4 : value & 15) : value }
                column += count
            case (_, 0): (row, column) = (row + 1, 0)
            case (_, 1): return
            case (_, 2):
                column += Int(try reader.byte())
                row += Int(try reader.byte())
                guard column <= header.width, row < header.height else { throw reader.malformed("jumps out of the picture") }
            default:
                let start = try place(row, column, Int(value), reader)
                try copy(Int(value), &reader, target, start)
                column += Int(value)
            }
            // The last row may end without the mark for the end of the picture.
            if row == header.height - 1 && column == header.width && reader.isAtEnd { return }
        }
    }

    /// Pixels that stand one by one, padded to 16 bits.
    private func copy(_ count: Int, _ reader: inout ByteReader, _ target: UnsafeMutableRawBufferPointer, _ start: Int) throws(FormatError) {
        let byteCount = isNibbles ? (count + 1) / 2 : count
        let source = try reader.bytes(byteCount)
        if byteCount & 1 == 1 { try reader.skip(1) }
        source.withBytes { bytes in
            for step in 0..<count { target[start + step] = isNibbles ? bytes[step >> 1] >> (step & 1 == 0 ? 4 : 0) & 15 : bytes[step] }
        }
    }

    private func place(_ row: Int, _ column: Int, _ count: Int, _ reader: ByteReader) throws(FormatError) -> Int {
        guard count <= header.width - column else { throw reader.malformed("has a run that leaves its row") }
        return row * header.width + column
    }
}
