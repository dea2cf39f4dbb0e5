internal import CSndFile
import CrateValues

/// The containers and codings of libsndfile by the names that it and python-soundfile use.
struct AudioContainer {
    let name: String
    /// libsndfile's number.
    let code: Int
    /// Lower case, without the dot; empty for those that are only read.
    let extensions: [String]

    // Computed: a table that few runs need is not built at start-up.
    static var all: [AudioContainer] {
        [
            .init(name: "WAV", code: SF_FORMAT_WAV, extensions: ["wav"]),
            .init(name: "FLAC", code: SF_FORMAT_FLAC, extensions: ["flac"]),
            .init(name: "OGG", code: SF_FORMAT_OGG, extensions: ["ogg", "oga", "opus"]),
            .init(name: "MP3", code: SF_FORMAT_MPEG, extensions: ["mp3"]),
            .init(name: "AIFF", code: SF_FORMAT_AIFF, extensions: ["aiff", "aif", "aifc"]),
            .init(name: "AU", code: SF_FORMAT_AU, extensions: ["au", "snd"]),
            .init(name: "CAF", code: SF_FORMAT_CAF, extensions: ["caf"]),
            .init(name: "W64", code: SF_FORMAT_W64, extensions: ["w64"]),
            .init(name: "RF64", code: SF_FORMAT_RF64, extensions: ["rf64"]),
            .init(name: "NIST", code: SF_FORMAT_NIST, extensions: ["nist", "sph"]),
            .init(name: "VOC", code: SF_FORMAT_VOC, extensions: ["voc"]),
            .init(name: "SVX", code: SF_FORMAT_SVX, extensions: ["8svx", "svx"]),
            .init(name: "PAF", code: SF_FORMAT_PAF, extensions: ["paf"]),
            .init(name: "IRCAM", code: SF_FORMAT_IRCAM, extensions: ["ircam"]),
            .init(name: "PVF", code: SF_FORMAT_PVF, extensions: ["pvf"]),
            .init(name: "XI", code: SF_FORMAT_XI, extensions: ["xi"]),
            .init(name: "HTK", code: SF_FORMAT_HTK, extensions: ["htk"]),
            .init(name: "SDS", code: SF_FORMAT_SDS, extensions: ["sds"]),
            .init(name: "AVR", code: SF_FORMAT_AVR, extensions: ["avr"]),
            .init(name: "WVE", code: SF_FORMAT_WVE, extensions: ["wve"]),
            .init(name: "WAVEX", code: SF_FORMAT_WAVEX, extensions: []),
            .init(name: "MAT4", code: SF_FORMAT_MAT4, extensions: []),
            .init(name: "MAT5", code: SF_FORMAT_MAT5, extensions: []),
            .init(name: "MPC2K", code: SF_FORMAT_MPC2K, extensions: []),
        ]
    }

    static func named(byExtension fileExtension: String) -> AudioContainer? { all.first { $0.extensions.contains(fileExtension) } }
    static func coded(_ format: Int) -> AudioContainer? { all.first { $0.code == format & SF_FORMAT_TYPEMASK } }

    /// The codings that it is written with, for this rate and number of channels.
    func codings(rate: Int32, channels: Int32) -> [AudioCoding] {
        AudioCoding.all.filter { coding in
            let layout = crate_sound_layout(frames: 0, rate: rate, channels: channels, format: Int32(code | coding.code))
            return coding.isWritten && crate_sound_is_writable(layout)
        }
    }
}

/// How samples are kept inside a container.
struct AudioCoding {
    let name: String
    /// libsndfile's number.
    let code: Int
    /// The form that holds every decoded sample exactly.
    let samples: DType
    /// Bits that a sample has in the file, where that is a number of bits.
    var bits: Int?
    /// Whether samples that were read from it are written again without a change.
    var isExact = true
    /// False where libsndfile (1.2.0 to 1.2.2) writes samples that it then reads as others.
    var isWritten = true

    /// Whether it takes a quality.
    var hasQuality: Bool { name == "VORBIS" || name == "OPUS" || name.hasPrefix("MPEG") }

    static var all: [AudioCoding] {
        [
            .init(name: "PCM_16", code: SF_FORMAT_PCM_16, samples: .int16, bits: 16),
            .init(name: "PCM_24", code: SF_FORMAT_PCM_24, samples: .int32, bits: 24),
            .init(name: "PCM_32", code: SF_FORMAT_PCM_32, samples: .int32, bits: 32),
            .init(name: "PCM_U8", code: SF_FORMAT_PCM_U8, samples: .int16, bits: 8),
            .init(name: "PCM_S8", code: SF_FORMAT_PCM_S8, samples: .int16, bits: 8),
            .init(name: "FLOAT", code: SF_FORMAT_FLOAT, samples: .float32),
            .init(name: "DOUBLE", code: SF_FORMAT_DOUBLE, samples: .float64),
            .init(name: "ULAW", code: SF_FORMAT_ULAW, samples: .int16),
            .init(name: "ALAW", code: SF_FORMAT_ALAW, samples: .int16),
            .init(name: "IMA_ADPCM", code: SF_FORMAT_IMA_ADPCM, samples: .int16, isExact: false),
            .init(name: "MS_ADPCM", code: SF_FORMAT_MS_ADPCM, samples: .int16, isExact: false),
            .init(name: "VOX_ADPCM", code: SF_FORMAT_VOX_ADPCM, samples: .int16, isExact: false),
            .init(name: "NMS_ADPCM_16", code: SF_FORMAT_NMS_ADPCM_16, samples: .int16, isExact: false),
            .init(name: "NMS_ADPCM_24", code: SF_FORMAT_NMS_ADPCM_24, samples: .int16, isExact: false),
            .init(name: "NMS_ADPCM_32", code: SF_FORMAT_NMS_ADPCM_32, samples: .int16, isExact: false),
            .init(name: "GSM610", code: SF_FORMAT_GSM610, samples: .int16, isExact: false),
            .init(name: "G721_32", code: SF_FORMAT_G721_32, samples: .int16, isExact: false),
            .init(name: "G723_24", code: SF_FORMAT_G723_24, samples: .int16, isExact: false),
            .init(name: "G723_40", code: SF_FORMAT_G723_40, samples: .int16, isExact: false),
            .init(name: "DPCM_8", code: SF_FORMAT_DPCM_8, samples: .int16, isExact: false),
            .init(name: "DPCM_16", code: SF_FORMAT_DPCM_16, samples: .int16, bits: 16),
            .init(name: "DWVW_12", code: SF_FORMAT_DWVW_12, samples: .int16, bits: 12),
            .init(name: "DWVW_16", code: SF_FORMAT_DWVW_16, samples: .int16, bits: 16),
            .init(name: "DWVW_24", code: SF_FORMAT_DWVW_24, samples: .int32, bits: 24),
            .init(name: "ALAC_16", code: SF_FORMAT_ALAC_16, samples: .int16, bits: 16),
            .init(name: "ALAC_20", code: SF_FORMAT_ALAC_20, samples: .int32, bits: 20, isWritten: false),
            .init(name: "ALAC_24", code: SF_FORMAT_ALAC_24, samples: .int32, bits: 24, isWritten: false),
            .init(name: "ALAC_32", code: SF_FORMAT_ALAC_32, samples: .int32, bits: 32, isWritten: false),
            .init(name: "VORBIS", code: SF_FORMAT_VORBIS, samples: .float32, isExact: false),
            .init(name: "OPUS", code: SF_FORMAT_OPUS, samples: .float32, isExact: false),
            .init(name: "MPEG_LAYER_I", code: SF_FORMAT_MPEG_LAYER_I, samples: .float32, isExact: false),
            .init(name: "MPEG_LAYER_II", code: SF_FORMAT_MPEG_LAYER_II, samples: .float32, isExact: false),
            .init(name: "MPEG_LAYER_III", code: SF_FORMAT_MPEG_LAYER_III, samples: .float32, isExact: false),
        ]
    }

    static func coded(_ format: Int) -> AudioCoding? { all.first { $0.code == format & SF_FORMAT_SUBMASK } }
    static func named(_ name: String) -> AudioCoding? { all.first { $0.name == name.uppercased() } }

    /// The coding that keeps `dtype` exactly where the container has one, else the container's usual one.
    static func usual(for dtype: DType, fileExtension: String, offered: [AudioCoding]) -> AudioCoding? {
        let wanted: [String] =
            switch fileExtension {
            case "opus": ["OPUS"]
            case "ogg", "oga": ["VORBIS"]
            case "mp3": ["MPEG_LAYER_III"]
            default: usual(for: dtype)
            }
        return wanted.lazy.compactMap { name in offered.first { $0.name == name } }.first ?? offered.first
    }

    /// From the best on.
    private static func usual(for dtype: DType) -> [String] {
        switch dtype {
        case .uint8, .int8: ["PCM_U8", "PCM_S8", "PCM_16"]
        case .int32: ["PCM_32", "PCM_24", "PCM_16"]
        case .float32: ["FLOAT", "DOUBLE", "PCM_24", "PCM_16"]
        case .float64: ["DOUBLE", "FLOAT", "PCM_24", "PCM_16"]
        default: ["PCM_16", "PCM_24", "PCM_32", "DPCM_16"]
        }
    }
}
