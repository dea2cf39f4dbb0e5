import CrateValues

/// What a file is by its first bytes, whatever its name.
public enum FileType {
    /// First bytes, where they stand, and what has them. The more telling ones come first.
    private static let signatures: [(bytes: [UInt8], offset: Int, name: String)] = [
        (PNG.signature, 0, "PNG picture"), ([0xFF, 0xD8, 0xFF], 0, "JPEG picture"), (text("GIF8"), 0, "GIF animation"),
        (text("II*\u{0}"), 0, "TIFF picture"), (text("MM\u{0}*"), 0, "TIFF picture"), (text("WEBP"), 8, "WebP picture"),
        (text("WAVE"), 8, "WAV sound"), (text("AVI "), 8, "AVI video"), (text("AIFF"), 8, "AIFF sound"), (text("fLaC"), 0, "FLAC sound"),
        (text("OggS"), 0, "Ogg sound or video"), (text("ID3"), 0, "MP3 sound"), (text(".snd"), 0, "AU sound"),
        (text("ftypavif"), 4, "AVIF picture"), (text("ftypheic"), 4, "HEIF picture"), (text("ftyp"), 4, "MP4 video"),
        ([0x1A, 0x45, 0xDF, 0xA3], 0, "Matroska or WebM video"), ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], 0, "HDF5 file"),
        ([0x1F, 0x8B], 0, "gzip file"), (text("BZh"), 0, "bzip2 file"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], 0, "xz file"),
        ([0x28, 0xB5, 0x2F, 0xFD], 0, "Zstandard file"), ([0x04, 0x22, 0x4D, 0x18], 0, "LZ4 file"), (text("7z") + [0xBC, 0xAF, 0x27, 0x1C], 0, "7z archive"),
        (text("Rar!"), 0, "RAR archive"), (text("%PDF-"), 0, "PDF document"), (text("SQLite format 3\u{0}"), 0, "SQLite database"),
        (text("PAR1"), 0, "Parquet table"), (text("ARROW1"), 0, "Arrow table"), ([0x7F] + text("ELF"), 0, "ELF program"),
        (text("MZ"), 0, "Windows program"), (text("BM"), 0, "BMP picture"),
    ]

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// A few words; "data" when nothing is known of it.
    public static func name(of bytes: Bytes) -> String {
        if bytes.isEmpty { return "empty" }
        if let model = Checkpoint.Format.recognize(bytes) { return model == .pickle ? "pickle" : model.rawValue }
        // An empty tar file is zeros alone, as much else is.
        if let format = ArchiveFile.Format.recognize(bytes), format != .tarGzip, !bytes.starts(with: [0]) { return "\(format.rawValue) archive" }
        if let known = signatures.first(where: { bytes.starts(with: $0.bytes, at: $0.offset) }) { return known.name }
        let head = bytes.slice(0..<min(bytes.count, 4096)) ?? bytes
        return isText(head) ? "text" : "data"
    }

    /// Text has no NUL, and is UTF-8 up to a character that the end may have cut.
    private static func isText(_ head: Bytes) -> Bool {
        head.withBytes { buffer in
            !buffer.contains(0) && Text.firstInvalidUTF8(buffer).map { buffer.count - $0 < 4 } ?? true
        }
    }
}
