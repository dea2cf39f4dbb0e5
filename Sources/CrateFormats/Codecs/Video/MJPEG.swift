import CrateValues

/// AVI with a JPEG picture for each frame, the form of moving pictures that needs no other program.
enum MJPEG {
    /// Reads pictures where they stand in the file.
    static func reader(_ bytes: Bytes, _ pictures: [Range<Int>], _ frames: Range<Int>, size: (width: Int, height: Int), limits: Limits) -> any FrameReader {
        Reader(bytes: bytes, pictures: pictures, frames: frames, size: size, limits: limits)
    }

    private final class Reader: FrameReader {
        private let bytes: Bytes
        private let pictures: [Range<Int>]
        private var frames: Range<Int>
        private let size: (width: Int, height: Int)
        private let limits: Limits

        init(bytes: Bytes, pictures: [Range<Int>], frames: Range<Int>, size: (width: Int, height: Int), limits: Limits) {
            (self.bytes, self.pictures, self.size, self.limits) = (bytes, pictures, size, limits)
            self.frames = frames.clamped(to: pictures.indices)
        }

        func next() throws(FormatError) -> Tensor? {
            guard let number = frames.first, let jpeg = bytes.slice(pictures[number]) else { return nil }
            frames = (number + 1)..<frames.upperBound
            do throws(FormatError) { return try picture(jpeg) } catch {
                throw FormatError(error.kind, "AVI", error.reason, at: .member("frame \(number)"), hint: error.hint)
            }
        }

        private func picture(_ jpeg: Bytes) throws(FormatError) -> Tensor {
            let image = try JPEG.decode(jpeg, limits: limits)
            guard image.width == size.width, image.height == size.height else {
                throw FormatError(.malformed, "AVI", "is \(image.width) × \(image.height) where its file says \(size.width) × \(size.height)")
            }
            return try image.pixels.rgb(as: "AVI")
        }
    }

    /// Writes an AVI file: `hdrl` with one stream, `movi` with the pictures, `idx1` with their places.
    ///
    /// - Parameter quality: JPEG's, 1 to 100.
    static func encode(
        _ frames: any FrameReader, size: (width: Int, height: Int), rate: FrameRate, quality: Int, scratch: OpenFile, to sink: any ByteSink
    ) throws(FormatError) {
        var sizes: [UInt32] = []
        var total = 0
        while let frame = try frames.next() {
            let jpeg = MemorySink()
            try JPEG.encode(Image(pixels: frame), quality: quality, to: jpeg)
            try scratch.write(jpeg.array)
            sizes.append(UInt32(truncatingIfNeeded: jpeg.array.count))
            total += 24 + jpeg.array.count + jpeg.array.count % 2
            guard total < 1 << 31 else {
                throw FormatError(.unrepresentable, "AVI", "can't hold more than 2 GB", hint: "write an .mp4, or lower the quality")
            }
        }
        try sink.write(head(sizes, size, rate))
        try write(sizes, from: try scratch.contents(), to: sink)
    }

    private static func head(_ sizes: [UInt32], _ size: (width: Int, height: Int), _ rate: FrameRate) -> [UInt8] {
        let movie = sizes.reduce(UInt32(4)) { $0 + 8 + $1 + $1 % 2 }
        let (frames, largest) = (UInt32(sizes.count), sizes.max() ?? 0)
        let (width, height) = (UInt32(size.width), UInt32(size.height))
        var head = LittleEndianBytes()
        head.add("RIFF")
        head.add(4 + 200 + 8 + movie + 8 + frames * 16)
        head.add("AVI LIST")
        head.add(UInt32(192))
        head.add("hdrlavih")
        head.add(UInt32(56))
        head.add(UInt32(min((1e6 / rate.perSecond).rounded(), 4e9)))
        head.add(zeros: 8)
        head.add(UInt32(0x10))  // has an index
        head.add(frames)
        head.add(zeros: 4)
        for number in [1, largest, width, height] { head.add(number) }
        head.add(zeros: 16)
        head.add("LIST")
        head.add(UInt32(116))
        head.add("strlstrh")
        head.add(UInt32(56))
        head.add("vidsMJPG")
        head.add(zeros: 12)
        for number in [UInt32(rate.denominator), UInt32(rate.numerator), 0, frames, largest, .max] { head.add(number) }
        head.add(zeros: 8)
        head.add(UInt16(truncatingIfNeeded: width))
        head.add(UInt16(truncatingIfNeeded: height))
        head.add("strf")
        head.add(UInt32(40))
        for number in [40, width, height] { head.add(number) }
        head.add(UInt16(1))
        head.add(UInt16(24))
        head.add("MJPG")
        head.add(width &* height &* 3)
        head.add(zeros: 16)
        head.add("LIST")
        head.add(movie)
        head.add("movi")
        return head.array
    }

    private static func write(_ sizes: [UInt32], from pictures: Bytes, to sink: any ByteSink) throws(FormatError) {
        var index = LittleEndianBytes()
        index.add("idx1")
        index.add(UInt32(sizes.count * 16))
        var (start, place) = (0, UInt32(4))
        for size in sizes {
            var head = LittleEndianBytes()
            head.add("00dc")
            head.add(size)
            try sink.write(head.array)
            guard let picture = pictures.slice(start..<(start + Int(size))) else { throw FormatError(.system, "AVI", "a temporary file was cut short") }
            try sink.write(picture)
            if size % 2 == 1 { try sink.write([0]) }
            index.add("00dc")
            for number in [UInt32(0x10), place, size] { index.add(number) }  // a key frame
            start += Int(size)
            place += 8 + size + size % 2
        }
        try sink.write(index.array)
    }
}
