import CrateValues

/// MP4 and QuickTime: boxes of a size and a type, some of which hold boxes. Facts: ISO/IEC 14496-12, and Apple's QuickTime File Format.
enum ISOMedia {
    /// What a file may begin with.
    static let firstBoxes: Set<FourCC> = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"]

    static func container(_ bytes: Bytes) throws(FormatError) -> MediaContainer {
        var name = "MP4"
        var movie: MovieBoxes?
        var file = ByteReader(bytes, format: name)
        var fragments: [ByteReader] = []
        while let box = try nextBox(in: &file) {
            var content = box.content
            switch box.type {
            case "ftyp": if try content.fourCC() == "qt  " { name = "QuickTime" }
            case "moov" where movie == nil: movie = try MovieBoxes(content)
            case "moof": fragments.append(content)
            default: break
            }
        }
        guard var movie else {
            throw FormatError(.truncated, name, "has no moov box, which says what is in it", at: .byte(bytes.count), hint: "the file is not complete")
        }
        for fragment in fragments { try movie.add(fragment) }
        var container = MediaContainer(.isoMedia, name: name)
        container.tracks = try movie.tracks.map { (track) throws(FormatError) in try track.checked(fileSize: bytes.count, name: name) }
        return container
    }

    /// The next box; `nil` at the end. One that is smaller than its head or reaches beyond what holds it is refused.
    static func nextBox(in reader: inout ByteReader) throws(FormatError) -> (type: FourCC, content: ByteReader)? {
        // QuickTime ends some lists with four zero bytes.
        if reader.remaining < 8, reader.remaining == 0 || reader.origin > 0 { return nil }
        let start = reader.position
        var size = Int(try reader.bigEndian(UInt32.self))
        let type = try reader.fourCC()
        switch size {
        case 0: size = reader.remaining + 8
        case 1:
            guard let large = Int(exactly: try reader.bigEndian(UInt64.self)) else { throw reader.malformed("has a box of an impossible size") }
            size = large
        default: break
        }
        let head = reader.position - start
        guard size >= head else { throw reader.malformed("has a box `\(type.text)` of \(size) bytes, less than its head") }
        guard size - head <= reader.remaining else {
            throw reader.error(.truncated, "has a box `\(type.text)` of \(size) bytes, of which \(reader.remaining + head) are left")
        }
        return (type, try reader.part(size - head))
    }
}

/// What a `moov` box says, and the fragments that follow it.
struct MovieBoxes {
    struct Track {
        var id: UInt32 = 0
        var facts = MediaContainer.Track()
        var turnsSides = false
        /// Units per second.
        var timescale = 0
        /// In units.
        var duration = 0
        /// Samples and their units in all, by the time table.
        var timed = (samples: 0, units: 0)
        /// Bytes of all samples.
        var byteCount = 0
        /// Units of a sample in fragments that name none.
        var usualUnits = 0
    }

    private(set) var tracks: [Track] = []
    private var usualUnits: [UInt32: Int] = [:]

    init(_ movie: ByteReader) throws(FormatError) {
        var movie = movie
        while let box = try ISOMedia.nextBox(in: &movie) {
            if box.type == "trak" {
                guard tracks.count < 1000 else { throw movie.error(.limit, "has more than 1000 tracks") }
                tracks.append(try Track(box.content))
            }
            if box.type == "mvex" { try readDefaults(box.content) }
        }
    }

    /// How long samples of fragments last when nothing else is said.
    private mutating func readDefaults(_ extends: ByteReader) throws(FormatError) {
        var extends = extends
        while var box = try ISOMedia.nextBox(in: &extends) {
            guard box.type == "trex" else { continue }
            try box.content.skip(4)
            let id = try box.content.bigEndian(UInt32.self)
            try box.content.skip(4)
            usualUnits[id] = Int(try box.content.bigEndian(UInt32.self))
        }
    }

    /// Counts the samples of a `moof` box.
    mutating func add(_ fragment: ByteReader) throws(FormatError) {
        var fragment = fragment
        while var part = try ISOMedia.nextBox(in: &fragment) {
            guard part.type == "traf" else { continue }
            var track: Int?
            while var box = try ISOMedia.nextBox(in: &part.content) {
                if box.type == "tfhd" { track = try startFragment(&box.content) }
                if box.type == "trun", let track { tracks[track].facts.frameCount += try sampleCount(&box.content) }
            }
        }
    }

    /// Where the fragment's track is; `nil` when there is none.
    private mutating func startFragment(_ header: inout ByteReader) throws(FormatError) -> Int? {
        let flags = try header.bigEndian(UInt32.self) & 0xFF_FFFF
        let id = try header.bigEndian(UInt32.self)
        guard let track = tracks.firstIndex(where: { $0.id == id }) else { return nil }
        tracks[track].usualUnits = usualUnits[id] ?? 0
        guard flags & 0x8 != 0 else { return track }
        try header.skip((flags & 0x1 != 0 ? 8 : 0) + (flags & 0x2 != 0 ? 4 : 0))
        tracks[track].usualUnits = Int(try header.bigEndian(UInt32.self))
        return track
    }

    private func sampleCount(_ run: inout ByteReader) throws(FormatError) -> Int {
        let flags = try run.bigEndian(UInt32.self) & 0xFF_FFFF
        let count = Int(try run.bigEndian(UInt32.self))
        try run.skip((flags & 0x1 != 0 ? 4 : 0) + (flags & 0x4 != 0 ? 4 : 0))
        let entry = [0x100, 0x200, 0x400, 0x800].count { flags & UInt32($0) != 0 } * 4
        guard count * entry <= run.remaining else { throw run.malformed("claims \(count) samples where \(run.remaining) bytes are left") }
        return count
    }
}
