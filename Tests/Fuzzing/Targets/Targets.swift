import CrateFormats

extension FuzzTarget {
    /// Every parser and every border to a C library: one row each.
    ///
    /// `reading` goes through the handler of the extension (read, inspect, write, read again), so a new format needs its row and no more.
    public static let all: [FuzzTarget] = [
        // MARK: checkpoints
        FuzzTarget(reading: "pkl", words: pickleWords),
        FuzzTarget(reading: "joblib", words: pickleWords),
        FuzzTarget(reading: "pth", longest: 8192, words: pickleWords),
        FuzzTarget("pth-data", seeds: ["pkl"], words: pickleWords) { try explore(reading: checkpoint(withPickle: $0), as: "x.pth") },
        FuzzTarget(reading: "safetensors", words: ["__metadata__", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"F32\"", "\"BOOL\"", "\"F8_E5M2\""]),
        FuzzTarget(reading: "npy", longest: 1024, words: numpyWords),
        FuzzTarget(reading: "npz", words: numpyWords),
        FuzzTarget(reading: "gguf", words: ["GGUF", "general.alignment", "general.architecture"]),
        FuzzTarget(reading: "onnx", words: ["external_data", "location", "offset", "length"]),
        // Members come in the order of their names, whatever the order in which they were written.
        FuzzTarget(reading: "h5", longest: 16_384, words: hdf5Words, isExact: false),
        FuzzTarget(reading: "keras", longest: 20_000, words: hdf5Words + ["class_name", "Lambda", "__lambda__", "module", "registered_name", "layers"], isExact: false),

        // MARK: archives
        FuzzTarget(reading: "zip", seeds: ["zip", "npz", "pth"], longest: 8192, words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "../"]),
        FuzzTarget("tar", seeds: ["tar"], longest: 8192, words: tarWords) { try explore(reading: withValidChecksums(tar: $0), as: "x.tar") },
        FuzzTarget("tgz", seeds: ["tar"], longest: 8192, words: tarWords) { try explore(reading: gzip(withValidChecksums(tar: $0)), as: "x.tgz") },

        // MARK: pictures and sound
        FuzzTarget("png", seeds: ["png"], words: pngWords) { try explore(reading: withValidChecksums(png: $0), as: "x.png") },
        FuzzTarget(reading: "jpg", words: ["\u{FF}\u{D8}", "\u{FF}\u{E1}", "Exif\0\0", "Adobe", "JFIF\0"], isExact: false),
        FuzzTarget(reading: "tiff", seeds: ["tiff", "tif"], isExact: false),
        FuzzTarget(reading: "webp", words: ["RIFF", "WEBPVP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF"], isExact: false),
        FuzzTarget(reading: "bmp", longest: 2048),
        FuzzTarget(reading: "ppm", seeds: ["ppm", "pgm", "pbm", "pnm"], longest: 1024, words: ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "255", "65535", "#"]),
        FuzzTarget(reading: "gif", longest: 2048, words: ["GIF89a", "NETSCAPE2.0", "\u{21}\u{F9}\u{04}", "\u{21}\u{FF}\u{0B}"], isExact: false),
        FuzzTarget(reading: "wav", seeds: ["wav", "flac", "ogg", "opus", "mp3", "aiff", "au", "caf"], words: soundWords, isExact: false),

        FuzzTarget(reading: "mp4", seeds: ["mp4", "mov"], longest: 16_384, words: mp4Words, isExact: false),
        FuzzTarget(reading: "avi", longest: 16_384, words: aviWords, isExact: false),
        FuzzTarget(reading: "webm", seeds: ["webm", "mkv"], longest: 8192, isExact: false),

        // MARK: text
        FuzzTarget(reading: "json", longest: 1024, words: ["true", "false", "null", "NaN", "-Infinity", "\\u", "\\ud83d\\ude00", "1e400", "\u{FEFF}"]),
        FuzzTarget(reading: "jsonl", seeds: ["jsonl", "json"], longest: 1024),
        FuzzTarget(reading: "yaml", seeds: ["yaml", "yml"], longest: 1024, words: yamlWords),
        FuzzTarget("csv", seeds: ["csv", "tsv"], longest: 1024, words: ["\"\"", "\r\n", "True", "NaN", "1e5", "\u{FEFF}", ";", "\t"]) {
            // A text that looks like a number is one when it is read again.
            try explore(reading: $0, as: "x.csv", isExact: false)
            try explore(reading: $0, as: "x.csv", options: ["types": .bool(false)])
        },
        FuzzTarget(reading: "txt", seeds: ["txt", "md", "log"], longest: 512, isExact: false),

        // MARK: the language
        FuzzTarget("syntax", seeds: ["crate"], longest: 2048, words: languageWords) { try compile($0) },
        FuzzTarget("program", seeds: ["crate"], longest: 1024, words: languageWords + functionNames) { try evaluate($0) },
    ]
}

private let pickleWords = [
    "collections", "OrderedDict", "numpy._core.multiarray", "_reconstruct", "numpy", "ndarray", "dtype", "scalar", "copyreg", "_reconstructor", "builtins",
    "bytearray", "complex", "joblib.numpy_pickle", "NumpyArrayWrapper", "torch._utils", "_rebuild_tensor_v2", "_rebuild_parameter", "torch", "FloatStorage",
    "storage", "cpu", "_codecs", "encode", "latin1", "\u{80}\u{02}", "\u{80}\u{04}\u{95}",
]
private let numpyWords = ["\u{93}NUMPY", "{'descr': '<f4'", "'fortran_order': False", "'shape': (3,)", "'|S5'", "'<U3'", "'<M8[ns]'", "'|b1'", "[('a', '<i4')"]
private let hdf5Words = [
    "TREE", "HEAP", "SNOD", "GCOL", "OHDR", "OCHK", "FRHP", "FHDB", "FHIB", "BTHD", "BTLF", "BTIN", "FAHD", "FADB", "EAHD", "EAIB", "EADB", "EASB",
]
private let tarWords = ["ustar\u{0}00", "ustar  \u{0}", "././@LongLink", "19 path=x\n", "13 size=100\n", "20 mtime=1700000000.5\n", "22 GNU.sparse.major=1\n", "../", "/"]
private let mp4Words = [
    "ftyp", "moov", "mvhd", "trak", "tkhd", "mdia", "mdhd", "hdlr", "vide", "soun", "minf", "stbl", "stsd", "stts", "stsc", "stsz", "stz2", "stco", "co64",
    "ctts", "elst", "avc1", "mp4v", "mp4a", "mvex", "moof", "traf", "tfhd", "trun", "mdat", "uuid",
]
private let aviWords = ["RIFF", "AVI ", "LIST", "hdrl", "avih", "strl", "strh", "strf", "vids", "auds", "MJPG", "movi", "00dc", "01wb", "idx1", "indx", "ix00", "odml", "dmlh", "rec "]
private let pngWords = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "tEXt", "zTXt", "iTXt", "gAMA", "sRGB", "iCCP", "eXIf", "acTL", "fcTL", "bKGD", "sBIT"]
private let soundWords = [
    "RIFF", "RIFX", "RF64", "WAVE", "fmt ", "data", "LIST", "fact", "cue ", "smpl", "fLaC", "OggS", "OpusHead", "\u{01}vorbis", "FORM", "AIFF", "AIFC", "COMM",
    "SSND", ".snd", "caff", "desc", "ID3", "w64 ",
]
private let yamlWords = ["---", "...", "- ", "? ", ": ", "&a", "*a", "<<: *a", "!!int", "!!set", "!!timestamp", "!!binary", "|-", ">+", "0x1F", "1_000", "190:20:30", "2001-12-14t21:59:43.10-05:00", ".inf", ".nan", "~", "%YAML 1.1"]
