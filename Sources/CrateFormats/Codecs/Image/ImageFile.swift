import CrateValues

/// Pictures of every format that is read or written here, told apart by their first bytes and named by their extension.
public enum ImageFile {
    /// The formats read and written.
    public enum Format: String, Sendable, CaseIterable {
        case png = "PNG"
        case jpeg = "JPEG"
        case bmp = "BMP"
        case pnm = "PNM"
        case tiff = "TIFF"
        case webp = "WebP"
        /// Its first frame; `GIF` reads and writes all of them.
        case gif = "GIF"

        /// Lower case, without the dot, the usual one first.
        public var extensions: [String] {
            switch self {
            case .png: ["png"]
            case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
            case .bmp: ["bmp", "dib"]
            case .pnm: ["ppm", "pgm", "pbm", "pnm"]
            case .tiff: ["tiff", "tif"]
            case .webp: ["webp"]
            case .gif: ["gif"]
            }
        }

        /// `nil` when no format here has the extension.
        public init?(fileExtension: String) {
            guard let format = Format.allCases.first(where: { $0.extensions.contains(fileExtension.lowercased()) }) else { return nil }
            self = format
        }

        /// Whether samples of this type are written as they are. uint16 counts for every format: those of 8 bits refuse it by name,
        /// so that nobody loses half of the bits without a word.
        public func keeps(_ dtype: DType) -> Bool {
            dtype == .uint8 || dtype == .uint16 || (self == .tiff && TIFF.SampleType(dtype) != nil)
        }
    }

    /// How to write. Each option counts only for the formats that know it.
    public struct Options: Sendable {
        /// PNG and TIFF: 0 (none) to 9 (smallest); `nil` is the library's choice.
        public var compression: Int?
        /// JPEG: 1 to 100; `nil` is 75. WebP: 0 to 100; `nil` is 80.
        public var quality: Int?
        /// WebP: every sample survives.
        public var isLossless = false
        public var isProgressive = false
        public var subsampling = JPEG.Subsampling.quarter
        public init() {}
    }

    /// Reads a picture by what its bytes say.
    ///
    /// - Parameter fileExtension: the name's extension. When it stands for another format than the content has, the file
    ///   is refused, since other programs would be misled. Empty: any content will do.
    public static func decode(_ bytes: Bytes, fileExtension: String = "", limits: Limits = .standard) throws(FormatError) -> Image {
        let format = try format(of: bytes)
        if let named = Format(fileExtension: fileExtension), named != format {
            throw FormatError(
                .malformed, named.rawValue, "holds a \(format.rawValue) picture, though its name ends in .\(fileExtension)",
                hint: "rename it to end in .\(format.extensions.first ?? "")")
        }
        switch format {
        case .png: return try PNG.decode(bytes, limits: limits)
        case .jpeg: return try JPEG.decode(bytes, limits: limits)
        case .bmp: return try BMP.decode(bytes, limits: limits)
        case .pnm: return try PNM.decode(bytes, limits: limits)
        case .tiff: return try TIFF.decode(bytes, limits: limits)
        case .webp: return try WebP.decode(bytes, limits: limits)
        case .gif: return try GIF.decodeFirstFrame(bytes, limits: limits).withoutOpaqueAlpha
        }
    }

    /// Writes `image` in the format that the extension asks for.
    public static func encode(_ image: Image, fileExtension: String, options: Options = Options(), to sink: any ByteSink) throws(FormatError) {
        switch Format(fileExtension: fileExtension) {
        case .png: try PNG.encode(image, compression: options.compression, to: sink)
        case .jpeg:
            try JPEG.encode(
                image, quality: options.quality ?? 75, isProgressive: options.isProgressive, subsampling: options.subsampling, to: sink)
        case .bmp: try BMP.encode(image, to: sink)
        case .pnm: try PNM.encode(image, form: PNM.Form(fileExtension: fileExtension.lowercased()), to: sink)
        case .tiff: try TIFF.encode(image, compression: options.compression, to: sink)
        case .webp: try WebP.encode(image, quality: options.quality, isLossless: options.isLossless, to: sink)
        case .gif:
            try image.checkWithoutInks("GIF")
            try GIF.encode(Animation(frames: [Animation.Frame(pixels: image.pixels, delay: 0)]), to: sink)
        case nil: throw FormatError(.unsupported, "image", "can't be written as .\(fileExtension)", hint: "end the name in \(knownExtensions)")
        }
    }

    private static var knownExtensions: String {
        enumeration(Format.allCases.compactMap { $0.extensions.first }.map { ".\($0)" }, "or")
    }

    private static func enumeration(_ words: [String], _ last: String) -> String {
        words.dropLast().joined(separator: ", ") + " \(last) " + (words.last ?? "")
    }

    static func format(of bytes: Bytes) throws(FormatError) -> Format {
        let head = bytes.slice(0..<min(16, bytes.count))?.array ?? []
        if head.starts(with: PNG.signature) { return .png }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if head.starts(with: Array("GIF8".utf8)) { return .gif }
        if head.starts(with: BMP.signature) { return .bmp }
        if PNM.recognizes(head) { return .pnm }
        if TIFF.recognizes(head) { return .tiff }
        if WebPLayout.recognizes(head) { return .webp }
        let readable = enumeration(Format.allCases.map(\.rawValue), "and")
        if head.dropFirst(4).starts(with: Array("ftyp".utf8)) {
            throw FormatError(.unsupported, "image", "is a HEIF or AVIF picture, which is not read here", hint: "\(readable) are")
        }
        throw FormatError(.malformed, "image", "does not begin as a picture does", hint: "\(readable) are read")
    }
}
