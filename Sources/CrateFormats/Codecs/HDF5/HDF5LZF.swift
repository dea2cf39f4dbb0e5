import CrateValues

/// h5py's own quick compression. Facts: liblzf's stream of literal runs and copies.
enum HDF5LZF {
    static func decompress(_ bytes: Bytes, size: Int) throws(FormatError) -> Bytes {
        let region = try ByteRegion(count: size) { (output) throws(FormatError) in
            try bytes.withBytes { (input) throws(FormatError) in
                guard fill(output, from: input) else {
                    throw FormatError(.malformed, HDF5.format, "has a chunk whose lzf data are damaged")
                }
            }
        }
        return Bytes(region)
    }

    /// False when the data lead outside the buffers or don't fill the output.
    private static func fill(_ output: UnsafeMutableRawBufferPointer, from input: UnsafeRawBufferPointer) -> Bool {
        var (source, target) = (0, 0)
        while source < input.count {
            let control = Int(input[source])
            source += 1
            if control < 32 {
                let count = control + 1
                guard count <= input.count - source, count <= output.count - target else { return false }
                for index in 0..<count { output[target + index] = input[source + index] }
                source += count
                target += count
                continue
            }
            var count = control >> 5
            if count == 7 {
                guard source < input.count else { return false }
                count += Int(input[source])
                source += 1
            }
            guard source < input.count else { return false }
            let start = target - (control & 0x1F) << 8 - Int(input[source]) - 1
            source += 1
            count += 2
            guard start >= 0, count <= output.count - target else { return false }
            // Byte by byte: a copy may read what it has just written.
            for index in 0..<count { output[target + index] = output[start + index] }
            target += count
        }
        return target == output.count
    }
}
