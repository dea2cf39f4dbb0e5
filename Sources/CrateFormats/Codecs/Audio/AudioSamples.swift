import CrateValues

extension AudioClip {
    /// The samples as float64 between -1 and 1, exactly as python-soundfile reads them by default: integers are divided by
    /// their full scale (int16 by 32768, int32 by 2147483648), floats are kept.
    public var float64Samples: Tensor {
        let packed = samples.packedBytes()
        let count = samples.count
        let region = ByteRegion(count: count * 8) { target in
            packed.withBytes { source in
                let output = target.bindMemory(to: Double.self)
                switch samples.dtype {
                case .int16: AudioClip.scale(Int16.self, source, output) { Double($0) / 0x1p15 }
                case .int32: AudioClip.scale(Int32.self, source, output) { Double($0) / 0x1p31 }
                case .int8: AudioClip.scale(Int8.self, source, output) { Double($0) / 0x1p7 }
                case .uint8: AudioClip.scale(UInt8.self, source, output) { (Double($0) - 128) / 0x1p7 }
                case .float32: AudioClip.scale(Float.self, source, output) { Double($0) }
                case .float64: AudioClip.scale(Double.self, source, output) { $0 }
                default: target.initializeMemory(as: UInt8.self, repeating: 0)
                }
            }
        }
        return Tensor(dtype: .float64, shape: samples.shape, bytes: Bytes(region)) ?? samples
    }

    private static func scale<Sample: BitwiseCopyable>(
        _: Sample.Type, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<Double>, _ convert: (Sample) -> Double
    ) {
        let size = MemoryLayout<Sample>.size
        for index in target.indices { target[index] = convert(source.loadUnaligned(fromByteOffset: index * size, as: Sample.self)) }
    }

    /// 8-bit samples as int16, which libsndfile takes; the others as they are.
    var sixteenBitOrWider: Tensor {
        let packed = samples.packedBytes()
        let isSigned = samples.dtype == .int8
        guard isSigned || samples.dtype == .uint8 else { return samples }
        let region = ByteRegion(count: packed.count * 2) { target in
            packed.withBytes { source in
                let output = target.bindMemory(to: Int16.self)
                for index in output.indices {
                    let value = isSigned ? Int16(Int8(bitPattern: source[index])) : Int16(source[index]) - 128
                    output[index] = value << 8
                }
            }
        }
        return Tensor(dtype: .int16, shape: samples.shape, bytes: Bytes(region)) ?? samples
    }
}

extension Tensor {
    /// The mean of each frame of shape (frames, channels) samples, of the same type; rounded for whole numbers.
    var channelMeans: Tensor {
        switch dtype {
        case .int16: means(Int16.self, { Double($0) }, { Int16(($0 + 0.5).rounded(.down)) })
        case .int32: means(Int32.self, { Double($0) }, { Int32(($0 + 0.5).rounded(.down)) })
        case .float32: means(Float.self, { Double($0) }, { Float($0) })
        default: means(Double.self, { $0 }, { $0 })
        }
    }

    private func means<Sample: BitwiseCopyable>(_: Sample.Type, _ value: (Sample) -> Double, _ sample: (Double) -> Sample) -> Tensor {
        let (frames, channels, size) = (shape[0], shape[1], MemoryLayout<Sample>.size)
        let region = ByteRegion(count: frames * size) { target in
            packedBytes().withBytes { source in
                for frame in 0..<frames {
                    var sum = 0.0
                    for channel in 0..<channels {
                        sum += value(source.loadUnaligned(fromByteOffset: (frame * channels + channel) * size, as: Sample.self))
                    }
                    target.storeBytes(of: sample(sum / Double(channels)), toByteOffset: frame * size, as: Sample.self)
                }
            }
        }
        return Tensor(dtype: dtype, shape: [frames], bytes: Bytes(region)) ?? self
    }

    /// int32 samples rounded to their highest `bits`; what would pass the top stays below it.
    func rounded(toBits bits: Int) -> Tensor {
        let step = Int64(1) << Int64(32 - bits)
        let packed = packedBytes()
        let region = ByteRegion(count: packed.count) { target in
            packed.withBytes { source in
                for place in stride(from: 0, to: source.count, by: 4) {
                    let value = Int64(source.loadUnaligned(fromByteOffset: place, as: Int32.self))
                    let rounded = (value + step / 2) & ~(step - 1)
                    target.storeBytes(of: Int32(min(rounded, Int64(Int32.max) + 1 - step)), toByteOffset: place, as: Int32.self)
                }
            }
        }
        return Tensor(dtype: .int32, shape: shape, bytes: Bytes(region)) ?? self
    }
}

extension AudioFile {
    /// The rate of a clip that comes without one.
    public static var standardSampleRate: Int { 44100 }

    /// A plain array as sound: shape (frames,) or (frames, channels), of int8, uint8 (128 is silence), int16, int32,
    /// float32 or float64 (full scale is -1 to 1).
    public static func clip(from samples: Tensor, sampleRate: Int = standardSampleRate) throws(FormatError) -> AudioClip {
        switch samples.dtype {
        case .int8, .uint8, .int16, .int32, .float32, .float64: break
        default:
            throw FormatError(
                .unrepresentable, "audio", "samples can't be \(samples.dtype.rawValue)", hint: "convert them with int16(…) or float32(…)")
        }
        guard samples.rank == 1 || samples.rank == 2 else {
            throw FormatError(.unrepresentable, "audio", "can't be an array of shape \(samples.shape)", hint: "give (frames,) or (frames, channels)")
        }
        let clip = AudioClip(samples: samples, sampleRate: sampleRate)
        guard (1...1024).contains(clip.channels) else {
            throw FormatError(
                .unrepresentable, "audio", "can't have \(clip.channels) channels", hint: "the shape is (frames, channels): transpose the array")
        }
        return clip
    }
}
