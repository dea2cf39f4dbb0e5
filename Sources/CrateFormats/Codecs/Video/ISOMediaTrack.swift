import CrateValues

extension MovieBoxes.Track {
    /// Reads a `trak` box.
    init(_ track: ByteReader) throws(FormatError) {
        try read(track, depth: 0)
        if turnsSides { swap(&facts.width, &facts.height) }
        facts.rate = FrameRate.of(samples: timed.samples, units: timed.units, timescale: timescale)
    }

    /// - Parameter depth: of boxes around these; a track has three at most.
    private mutating func read(_ boxes: ByteReader, depth: Int) throws(FormatError) {
        var boxes = boxes
        while var box = try ISOMedia.nextBox(in: &boxes) {
            switch box.type {
            case "mdia", "minf", "stbl":
                guard depth < 3 else { throw box.content.malformed("has a box `\(box.type.text)` inside too many others") }
                try read(box.content, depth: depth + 1)
            case "tkhd": try readHeader(&box.content)
            case "mdhd": try readTimescale(&box.content)
            case "hdlr" where facts.sort == .other: try readSort(&box.content)
            case "stsd": try readDescription(&box.content)
            case "stts": try readTimes(&box.content)
            case "stsz": try readSizes(&box.content)
            default: break
            }
        }
    }

    private mutating func readHeader(_ box: inout ByteReader) throws(FormatError) {
        let version = try box.byte()
        try box.skip(3 + (version == 1 ? 16 : 8))
        id = try box.bigEndian(UInt32.self)
        try box.skip(4 + (version == 1 ? 8 : 4) + 16)
        // a, b, u, c, d: a quarter turn has nothing on the diagonal.
        let a = try box.bigEndian(UInt32.self)
        let b = try box.bigEndian(UInt32.self)
        try box.skip(8)
        let d = try box.bigEndian(UInt32.self)
        turnsSides = a == 0 && d == 0 && b != 0
    }

    private mutating func readTimescale(_ box: inout ByteReader) throws(FormatError) {
        let version = try box.byte()
        try box.skip(3 + (version == 1 ? 16 : 8))
        timescale = Int(try box.bigEndian(UInt32.self))
        // A duration of all ones is not known.
        duration = version == 1 ? Int(exactly: try box.bigEndian(UInt64.self)) ?? 0 : Int(try box.bigEndian(UInt32.self))
    }

    private mutating func readSort(_ box: inout ByteReader) throws(FormatError) {
        try box.skip(8)
        switch try box.fourCC() {
        case "vide": facts.sort = .video
        case "soun": facts.sort = .audio
        default: break
        }
    }

    /// The first of the sample descriptions.
    private mutating func readDescription(_ box: inout ByteReader) throws(FormatError) {
        try box.skip(4)
        guard try box.bigEndian(UInt32.self) > 0, var entry = try ISOMedia.nextBox(in: &box) else { return }
        facts.tag = entry.type.text
        facts.codec = entry.type.codecName
        switch facts.sort {
        case .video:
            try entry.content.skip(24)
            facts.width = Int(try entry.content.bigEndian(UInt16.self))
            facts.height = Int(try entry.content.bigEndian(UInt16.self))
        case .audio:
            // The channels follow, as 2 for all compressed sound.
            try entry.content.skip(18)
            // Compressed sound has 16 here, whatever it holds.
            facts.bits = Int(try entry.content.bigEndian(UInt16.self))
            try entry.content.seek(to: 24)
            facts.sampleRate = Int(try entry.content.bigEndian(UInt16.self))
        case .other: break
        }
    }

    private mutating func readTimes(_ box: inout ByteReader) throws(FormatError) {
        try box.skip(4)
        let count = Int(try box.bigEndian(UInt32.self))
        guard count <= box.remaining / 8 else { throw box.malformed("claims \(count) times where \(box.remaining) bytes are left") }
        for _ in 0..<count {
            let samples = Int(try box.bigEndian(UInt32.self))
            let (units, overflow) = samples.multipliedReportingOverflow(by: Int(try box.bigEndian(UInt32.self)))
            let (sum, sumOverflow) = timed.units.addingReportingOverflow(units)
            guard !overflow, !sumOverflow else { throw box.malformed("claims an impossible duration") }
            timed = (timed.samples + samples, sum)
        }
    }

    private mutating func readSizes(_ box: inout ByteReader) throws(FormatError) {
        try box.skip(4)
        let size = Int(try box.bigEndian(UInt32.self))
        let count = Int(try box.bigEndian(UInt32.self))
        facts.frameCount = count
        if size > 0 {
            let (sum, overflow) = size.multipliedReportingOverflow(by: count)
            guard !overflow else { throw box.malformed("claims \(count) samples of \(size) bytes") }
            byteCount = sum
            return
        }
        guard count <= box.remaining / 4 else { throw box.malformed("claims \(count) samples where \(box.remaining) bytes are left") }
        byteCount = 0
        // Up to 2³² a sample, and fewer samples than bytes in the file.
        for _ in 0..<count { byteCount += Int(try box.bigEndian(UInt32.self)) }
    }

    /// The facts, once the samples are known to fit into the file.
    func checked(fileSize: Int, name: String) throws(FormatError) -> MediaContainer.Track {
        guard byteCount <= fileSize, facts.frameCount <= fileSize else {
            throw FormatError(.malformed, name, "claims \(facts.frameCount) samples of \(byteCount) bytes in a file of \(fileSize)")
        }
        var facts = facts
        // A rate beyond 16 bits stands in the timescale alone.
        if facts.sort == .audio, facts.sampleRate == 0 { facts.sampleRate = timescale }
        facts.rate = facts.rate ?? FrameRate(timescale, per: usualUnits)
            ?? FrameRate.of(samples: facts.frameCount, units: duration, timescale: timescale)
        return facts
    }
}

extension FrameRate {
    /// The mean rate of `samples` that last `units` in all; `nil` when one of them is 0.
    static func of(samples: Int, units: Int, timescale: Int) -> FrameRate? {
        let (ticks, overflow) = samples.multipliedReportingOverflow(by: timescale)
        return overflow ? nil : FrameRate(ticks, per: units)
    }
}
